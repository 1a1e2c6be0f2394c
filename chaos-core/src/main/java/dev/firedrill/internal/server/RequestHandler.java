package dev.firedrill.internal.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
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
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has the requests of one client answered, on the thread that serves all of them. */
final class RequestHandler extends SimpleChannelInboundHandler<FullHttpRequest> {

    private static final Logger LOG = LoggerFactory.getLogger("dev.firedrill.server");

    private final Routes routes;
    private final Guard guard;
    private final Executor routing;

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
        // nothing more is read from whoever waits for an answer
        context.channel().config().setAutoRead(false);
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
            context.channel().config().setAutoRead(true);
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

    @SuppressWarnings("FutureReturnValueIgnored") // a client that does not take its answer is closed by its bounds
    private static void send(ChannelHandlerContext context, Reply reply, boolean goesOn) {
        ChannelFuture sent = context.writeAndFlush(response(reply, goesOn));
        if (!goesOn) {
            sent.addListener(ChannelFutureListener.CLOSE);
        }
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
