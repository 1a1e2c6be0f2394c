package dev.firedrill.internal.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.concurrent.Future;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the requests of one client answered, one after the other, on the thread that serves all clients.
 *
 * <pre>
 *   at rest: reads -- request --> at work: reads nothing, one is served, others wait -- last one answered --> at rest
 *                                    |
 *                                    +-- one answered that is to be the last --> ended: reads what nobody heeds, then closed
 *                                    +-- one not taken in time ----------------> closed
 * </pre>
 *
 * As nothing is read meanwhile, no more can wait than one read has brought.
 */
final class RequestHandler extends SimpleChannelInboundHandler<Object> {

    private static final Logger LOG = LoggerFactory.getLogger("dev.firedrill.server");

    /** So long a client may take to take its answer. */
    private static final long PATIENCE_SECONDS = 10;

    /** So long the client may go on sending behind its last answer, for a reset would overtake that. */
    private static final long FAREWELL_SECONDS = 1;

    private final Routes routes;
    private final Guard guard;
    private final Executor routing;
    private final RequestBound bound;
    private final Queue<Turn> turns = new ArrayDeque<>(); // confined to the thread that reads, as is what follows
    private boolean atWork;
    private boolean ended;

    RequestHandler(Routes routes, Guard guard, Executor routing, RequestBound bound) {
        this.routes = routes;
        this.guard = guard;
        this.routing = routing;
        this.bound = bound;
    }

    /** What is to be answered. It holds no buffer, so that nothing has to be released if it is never answered. */
    private record Turn(Supplier<Reply> reply, boolean goesOn, boolean bodiless) {}

    @Override
    protected void channelRead0(ChannelHandlerContext context, Object message) {
        if (ended) {
            return;
        }
        if (message instanceof FullHttpRequest request) {
            turns.add(turn(request));
        } else if (message instanceof Reply refusal) {
            turns.add(new Turn(() -> refusal, false, false));
        } else {
            return;
        }
        // nothing more is read from whoever has not taken its answers
        context.channel().config().setAutoRead(false);
        if (!atWork) {
            takeTurn(context);
        }
    }

    private Turn turn(FullHttpRequest request) {
        if (request.decoderResult().isFailure()) {
            return new Turn(() -> Reply.text(400, "Bad Request\n"), false, false);
        }
        HttpMethod method = request.method();
        String uri = request.uri();
        HttpHeaders headers = request.headers();
        byte[] body = ByteBufUtil.getBytes(request.content());
        return new Turn(
                () -> answer(method.name(), uri, headers, body),
                HttpUtil.isKeepAlive(request),
                method.equals(HttpMethod.HEAD));
    }

    private void takeTurn(ChannelHandlerContext context) {
        Turn turn = turns.poll();
        atWork = turn != null;
        if (turn == null) {
            bound.answered(context.channel());
            context.channel().config().setAutoRead(true);
            return;
        }
        try {
            routing.execute(() -> serve(context, turn));
        } catch (RejectedExecutionException e) {
            close(context); // as is everything
        }
    }

    private void serve(ChannelHandlerContext context, Turn turn) {
        Reply reply = turn.reply().get();
        try {
            send(context, turn, reply);
        } catch (RejectedExecutionException e) {
            LOG.debug("the server was closed before an answer could be sent", e);
        }
    }

    private Reply answer(String method, String uri, HttpHeaders headers, byte[] body) {
        RequestTarget target = RequestTarget.of(uri);
        String path = target.path();
        Reply refusal = guard.refuse(headers, target);
        if (refusal != null) {
            return refusal;
        }
        try {
            Reply reply = routes.serve(method, path, body);
            LOG.debug("{} {}: {}", method, path, reply.status());
            return reply;
        } catch (RuntimeException e) {
            LOG.error("{} {} failed", method, path, e);
            return Reply.error(ApiException.failed(String.valueOf(e.getMessage())));
        }
    }

    private void send(ChannelHandlerContext context, Turn turn, Reply reply) {
        Future<?> untaken = context.executor().schedule(() -> close(context), PATIENCE_SECONDS, TimeUnit.SECONDS);
        context.writeAndFlush(response(reply, turn)).addListener(sent -> {
            untaken.cancel(false);
            if (!sent.isSuccess()) {
                close(context);
            } else if (turn.goesOn()) {
                takeTurn(context);
            } else {
                end(context);
            }
        });
    }

    @SuppressWarnings("FutureReturnValueIgnored") // nobody waits for it
    private void end(ChannelHandlerContext context) {
        ended = true;
        turns.clear();
        if (context.channel() instanceof DuplexChannel client) {
            client.shutdownOutput();
            client.config().setAutoRead(true); // its own end closes it at once
            context.executor().schedule(() -> close(context), FAREWELL_SECONDS, TimeUnit.SECONDS);
        } else {
            close(context);
        }
    }

    private static FullHttpResponse response(Reply reply, Turn turn) {
        ByteBuf body = Unpooled.copiedBuffer(reply.body(), StandardCharsets.UTF_8);
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(reply.status()),
                turn.bodiless() ? Unpooled.EMPTY_BUFFER : body);
        if (reply.status() != 204) {
            response.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
        }
        if (!reply.type().isEmpty()) {
            response.headers().set(HttpHeaderNames.CONTENT_TYPE, reply.type());
        }
        response.headers()
                .set(HttpHeaderNames.CONNECTION, turn.goesOn() ? HttpHeaderValues.KEEP_ALIVE : HttpHeaderValues.CLOSE);
        return response;
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        turns.clear();
        context.fireChannelInactive();
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
