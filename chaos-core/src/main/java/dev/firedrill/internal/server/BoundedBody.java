package dev.firedrill.internal.server;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts requests together; one whose body is too large is handed on as the refusal that its client gets in its turn. */
final class BoundedBody extends HttpObjectAggregator {

    private final RequestBound bound;

    BoundedBody(int maxBytes, RequestBound bound) {
        super(maxBytes, true);
        this.bound = bound;
    }

    @Override
    protected void decode(ChannelHandlerContext context, HttpObject part, List<Object> out) throws Exception {
        super.decode(context, part, out);
        if (!out.isEmpty() && out.get(out.size() - 1) instanceof FullHttpRequest) {
            bound.complete();
        }
    }

    @Override
    protected void handleOversizedMessage(ChannelHandlerContext context, HttpMessage oversized) {
        context.fireChannelRead(Reply.text(
                413,
                "{\"error\":\"request body too large: allowed are " + maxContentLength()
                        + " bytes\",\"status\":413}\n"));
    }

    /** Whoever asks before it sends too much is told the same as whoever sends it. */
    @Override
    protected @Nullable Object newContinueResponse(HttpMessage start, int maxContentLength, ChannelPipeline pipeline) {
        Object response = super.newContinueResponse(start, maxContentLength, pipeline);
        boolean isTooLarge = response instanceof FullHttpResponse refusal
                && refusal.status().code() == HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE.code();
        return isTooLarge ? null : response;
    }
}
