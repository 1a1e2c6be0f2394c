package dev.firedrill.internal.server;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpObjectAggregator;
import java.util.List;

/** Puts requests together; one whose body is too large is told so, and its connection closed. */
final class BoundedBody extends HttpObjectAggregator {

    private final RequestBound bound;

    BoundedBody(int maxBytes, RequestBound bound) {
        super(maxBytes);
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
        Reply reply = Reply.text(
                413,
                "{\"error\":\"request body too large: allowed are " + maxContentLength()
                        + " bytes\",\"status\":413}\n");
        context.writeAndFlush(RequestHandler.response(reply, false)).addListener(ChannelFutureListener.CLOSE);
    }
}
