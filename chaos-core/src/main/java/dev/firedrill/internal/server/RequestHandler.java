package dev.firedrill.internal.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.concurrent.Future;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has the requests of one client answered, on the thread that serves all of them. */
final class RequestHandler extends SimpleChannelInboundHandler<FullHttpRequest> {

    private static final Logger LOG = LoggerFactory.getLogger("dev.firedrill.server");

    /** So long a client may take to take its answer. */
    private static final long PATIENCE_SECONDS = 10;

    /** So many requests of a client may have come at once: hardly any client asks ahead. */
    private static final int MAX_PENDING = 8;

    private final Routes routes;
    private final Guard guard;
    private final Executor routing;
    private int pending; // confined to the thread that reads

    RequestHandler(Routes routes, Guard guard, Executor routing) {
        this.routes = routes;
        this.guard = guard;
        this.routing = routing;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        if (request.decoderResult().isFailure()) {
            send(context, Reply.text(400, "Bad Request\n"), false);
            return;
        }
        boolean goesOn = HttpUtil.isKeepAlive(request);
        // nothing more is read from whoever has not taken its answers
        context.channel().config().setAutoRead(false);
        pending++;
        if (pending > MAX_PENDING) {
            close(context);
            return;
        }
        request.retain();
        try {
            routing.execute(() -> answer(context, request, goesOn));
        } catch (RejectedExecutionException e) {
            request.release();
            close(context);
        }
    }

    private void answer(ChannelHandlerContext context, FullHttpRequest request, boolean goesOn) {
        try {
            Reply refusal = guard.refuse(request.headers());
            send(context, refusal == null ? serve(request) : refusal, goesOn);
        } finally {
            request.release();
        }
    }

    private Reply serve(FullHttpRequest request) {
        String uri = request.uri();
        int query = uri.indexOf('?');
        String path = query < 0 ? uri : uri.substring(0, query);
        String method = request.method().name();
        try {
            Reply reply = routes.serve(method, path, ByteBufUtil.getBytes(request.content()));
            LOG.debug("{} {}: {}", method, path, reply.status());
            return reply;
        } catch (RuntimeException e) {
            LOG.error("{} {} failed", method, path, e);
            return Reply.error(ApiException.failed(String.valueOf(e.getMessage())));
        }
    }

    private void send(ChannelHandlerContext context, Reply reply, boolean goesOn) {
        Future<?> untaken = context.executor().schedule(() -> close(context), PATIENCE_SECONDS, TimeUnit.SECONDS);
        context.writeAndFlush(response(reply, goesOn)).addListener(sent -> {
            untaken.cancel(false);
            pending--;
            if (!goesOn || !sent.isSuccess()) {
                close(context);
            } else if (pending == 0) {
                context.channel().config().setAutoRead(true);
            }
        });
    }

    static FullHttpResponse response(Reply reply, boolean goesOn) {
        ByteBuf body = Unpooled.copiedBuffer(reply.body(), StandardCharsets.UTF_8);
        FullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(reply.status()), body);
        if (reply.status() != 204) {
            response.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
        }
        if (!reply.type().isEmpty()) {
            response.headers().set(HttpHeaderNames.CONTENT_TYPE, reply.type());
        }
        response.headers()
                .set(HttpHeaderNames.CONNECTION, goesOn ? HttpHeaderValues.KEEP_ALIVE : HttpHeaderValues.CLOSE);
        return response;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof IdleStateEvent) {
            close(context);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.debug("a client is gone: {}", cause.toString());
        close(context);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // nobody waits for it
    private static void close(ChannelHandlerContext context) {
        context.close();
    }
}
