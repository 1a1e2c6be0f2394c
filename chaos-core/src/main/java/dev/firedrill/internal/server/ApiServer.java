package dev.firedrill.internal.server;

import dev.firedrill.ChaosException;
import dev.firedrill.schedule.Chance;
import dev.firedrill.spi.TimeSource;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * The HTTP end: reads requests within bounds, and has them served one at a time on a thread of its own, which may look up a
 * name without holding up anything else.
 */
public final class ApiServer implements AutoCloseable {

    private static final int MAX_CLIENTS = 256;
    private static final int MAX_LINE = 8_192;
    private static final int MAX_HEADERS = 16_384;
    private static final int MAX_BODY = 1 << 20;
    private static final long REQUEST_MILLIS = 10_000;
    private static final int IDLE_SECONDS = 600;
    private static final long PATIENCE_SECONDS = 10;

    private final EventLoopGroup io = io();
    private final ExecutorService routing =
            Executors.newSingleThreadExecutor(new DefaultThreadFactory("firedrill-api", true));
    private final ChannelGroup connected = new DefaultChannelGroup(io.next(), true); // late ones are closed too
    private final Clients clients = new Clients(MAX_CLIENTS, connected);
    private final String host;
    private final Proxies proxies;
    private final Routes routes;
    private final Channel listener;

    /**
     * Begins to listen.
     *
     * @param host where: a name or a number
     * @param port 0 for one that the kernel chooses
     * @param time the clock of the delays
     * @param chance what decides about connections and messages
     * @throws ChaosException if the address can't be had
     */
    public ApiServer(String host, int port, TimeSource time, Chance chance) {
        this(host, port, time, chance, REQUEST_MILLIS);
    }

    ApiServer(String host, int port, TimeSource time, Chance chance, long requestMillis) {
        this.host = host;
        proxies = new Proxies(time, chance);
        routes = new Routes(proxies);
        try {
            listener = listen(host, port, requestMillis);
        } catch (RuntimeException e) {
            end();
            throw e;
        }
    }

    @SuppressWarnings("deprecation") // the replacement exists in Netty 4.2 only, and 4.1 is served too
    private static EventLoopGroup io() {
        return new NioEventLoopGroup(1, new DefaultThreadFactory("firedrill-http", true));
    }

    private Channel listen(String host, int port, long requestMillis) {
        InetSocketAddress at;
        try {
            at = Endpoint.listen(bracketed(host) + ":" + port);
        } catch (IllegalArgumentException e) {
            throw new ChaosException("the server can't listen on host " + host + ": " + e.getMessage(), e);
        }
        InetAddress ip = at.getAddress();
        Guard guard = new Guard(host, ip.isLoopbackAddress());
        ChannelFuture bound = new ServerBootstrap()
                .group(io)
                .channel(NioServerSocketChannel.class)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel client) {
                        take(client, guard, requestMillis);
                    }
                })
                .bind(at);
        if (!bound.awaitUninterruptibly(PATIENCE_SECONDS, TimeUnit.SECONDS) || !bound.isSuccess()) {
            throw new ChaosException(
                    "the server can't listen on " + host + ":" + port + ": " + bound.cause()
                            + "; choose another port, or 0 for any that is free",
                    bound.cause());
        }
        return bound.channel();
    }

    private static String bracketed(String host) {
        return host.indexOf(':') < 0 || host.startsWith("[") ? host : "[" + host + "]";
    }

    @SuppressWarnings("FutureReturnValueIgnored") // nobody waits for one that is turned away
    private void take(Channel client, Guard guard, long requestMillis) {
        if (!clients.admit(client)) {
            client.close();
            return;
        }
        RequestDecoder decoder = new RequestDecoder(MAX_LINE, MAX_HEADERS, MAX_LINE);
        RequestBound bound = new RequestBound(requestMillis, decoder, clients);
        client.pipeline()
                .addLast(bound)
                .addLast(new IdleStateHandler(0, 0, IDLE_SECONDS))
                .addLast(decoder)
                .addLast(new HttpResponseEncoder())
                .addLast(new BoundedBody(MAX_BODY, bound))
                .addLast(new RequestHandler(routes, guard, routing, bound));
    }

    /**
     * Where it listens.
     *
     * @return the address with the real port
     */
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.localAddress();
    }

    /**
     * Where it listens, as users write it.
     *
     * @return host and port; every interface is shown as it was asked for, since 0.0.0.0 says more to most than [::] does
     */
    public String shown() {
        InetSocketAddress at = address();
        return at.getAddress().isAnyLocalAddress() ? bracketed(host) + ":" + at.getPort() : Endpoint.text(at);
    }

    /**
     * Creates proxies, as {@code POST /populate} does.
     *
     * @param json a list of proxies
     * @throws ChaosException if one of them can't be made; those before it stand
     * @throws IllegalStateException if the server is closed
     */
    public void populate(byte[] json) {
        Proxies.Populated populated;
        try {
            populated = CompletableFuture.supplyAsync(() -> routes.populated(json), routing)
                    .join();
        } catch (RejectedExecutionException e) {
            throw new IllegalStateException("the server is closed: it takes no proxies any more; start another", e);
        }
        ApiException failed = populated.failed();
        if (failed != null) {
            throw new ChaosException(why(failed, populated.at(), populated.name()), failed);
        }
    }

    private static String why(ApiException failed, int at, String name) {
        if (at == 0) {
            return failed.words() + "; expected is a list of proxies, such as "
                    + "[{\"name\":\"redis\",\"listen\":\"localhost:26379\",\"upstream\":\"localhost:6379\"}]";
        }
        return "proxy " + at + (name.isEmpty() ? "" : " \"" + name + "\"") + ": " + failed.words()
                + (failed.status() == ApiException.FAILED
                        ? "; give it another listen, or end the program that has that address"
                        : "; correct that proxy");
    }

    /** Stops listening, closes every proxy and every connection, and returns when the threads have ended. */
    @Override
    public void close() {
        listener.close().awaitUninterruptibly(PATIENCE_SECONDS, TimeUnit.SECONDS);
        connected.close().awaitUninterruptibly(PATIENCE_SECONDS, TimeUnit.SECONDS);
        end();
    }

    private void end() {
        routing.shutdown();
        io.shutdownGracefully(0, PATIENCE_SECONDS, TimeUnit.SECONDS)
                .awaitUninterruptibly(PATIENCE_SECONDS, TimeUnit.SECONDS);
        try {
            // what it has begun to serve may still make a proxy
            if (!routing.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                routing.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        proxies.close();
    }
}
