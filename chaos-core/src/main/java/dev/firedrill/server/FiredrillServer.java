package dev.firedrill.server;

import static java.util.Objects.requireNonNull;

import dev.firedrill.ChaosException;
import dev.firedrill.internal.SystemTime;
import dev.firedrill.internal.server.ApiServer;
import dev.firedrill.schedule.Chance;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/**
 * A drop-in for Toxiproxy's server: the embedded proxy, driven by Toxiproxy's HTTP API.
 *
 * <p>Any Toxiproxy client of any language works. Beyond Toxiproxy's own toxics there are the types {@code corrupt}, {@code
 * drop_message}, {@code duplicate}, {@code reorder}, {@code delay_message}, {@code refuse}, {@code slow_connect}, {@code
 * disconnect}, {@code half_open} and {@code lost_packets}. The seed decides which connections a
 * toxicity hits, and every jitter, by the names of proxy and toxic. Needs {@code io.netty:netty-codec-http}. Safe for concurrent use.
 *
 * <pre>{@code
 * try (FiredrillServer server = FiredrillServer.start()) {
 *     ToxiproxyClient client = new ToxiproxyClient("127.0.0.1", server.address().getPort());
 *     Proxy redis = client.createProxy("redis", "127.0.0.1:0", "127.0.0.1:6379");
 *     redis.toxics().latency("slow", ToxicDirection.DOWNSTREAM, 300);
 * }
 * }</pre>
 *
 * Semantics: Toxiproxy 2.12, and better where that falls short: control never waits for a peer that stopped reading, half-closed
 * connections stay so, {@code reset_peer} resets connections that are open already, and a seed repeats.
 *
 * @since 0.1
 */
public final class FiredrillServer implements AutoCloseable {

    private final ApiServer api;
    private final long seed;

    private FiredrillServer(ApiServer api, long seed) {
        this.api = api;
        this.seed = seed;
    }

    /**
     * Starts on a free port of 127.0.0.1, with a fresh seed.
     *
     * @return the server, which listens
     * @throws ChaosException if no port can be had, or a library is missing
     */
    public static FiredrillServer start() {
        return builder().start();
    }

    /**
     * Says where and how to start.
     *
     * @return with a free port of localhost and a fresh seed unless changed
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Where the API is.
     *
     * @return the address with the real port
     */
    public InetSocketAddress address() {
        return api.address();
    }

    /**
     * What repeats the choices of this server.
     *
     * @return the seed
     */
    public long seed() {
        return seed;
    }

    /**
     * Creates proxies, as {@code POST /populate} does.
     *
     * @param json a list such as {@code [{"name":"redis","listen":"127.0.0.1:6380","upstream":"127.0.0.1:6379"}]}
     * @throws ChaosException if it can't be read, and nothing was created; or if one can't be created, and those before it stand
     * @throws IllegalStateException if the server is closed
     */
    public void populate(String json) {
        populate(json.getBytes(StandardCharsets.UTF_8));
    }

    void populate(byte[] json) {
        api.populate(json);
    }

    /** Where the API is, as users write it. */
    String shown() {
        return api.shown();
    }

    /** Stops listening and closes every proxy with its connections. When it returns, the threads have ended. */
    @Override
    public void close() {
        api.close();
    }

    /**
     * Where and how a server starts. Not safe for concurrent use.
     *
     * @since 0.1
     */
    public static final class Builder {

        private static final int MAX_PORT = 65_535;

        private String host = "localhost";
        private int port;
        // short enough to be typed; where a fresh one comes from does not matter, for it is logged
        private long seed = Math.floorMod(SystemTime.CLOCK.nanos(), 1_000_000_000L);

        private Builder() {}

        /**
         * The host to listen on.
         *
         * @param name a name or a number of this machine; {@code 0.0.0.0} for all its interfaces; {@code localhost} unless set
         * @return this
         * @throws IllegalArgumentException if it is blank
         */
        public Builder host(String name) {
            if (requireNonNull(name, "name").isBlank()) {
                throw new IllegalArgumentException("host \"" + name
                        + "\" is blank; allowed is a name or a number of this machine, 0.0.0.0 for all its"
                        + " interfaces");
            }
            host = name;
            return this;
        }

        /**
         * The port of the API.
         *
         * @param number 0, the default, for any that is free
         * @return this
         * @throws IllegalArgumentException if it is no port
         */
        public Builder port(int number) {
            if (number < 0 || number > MAX_PORT) {
                throw new IllegalArgumentException("port " + number + " is none; allowed is 0.." + MAX_PORT);
            }
            port = number;
            return this;
        }

        /**
         * What decides about connections and jitters.
         *
         * @param value the seed of an earlier server, to repeat its choices
         * @return this
         */
        public Builder seed(long value) {
            seed = value;
            return this;
        }

        /**
         * Starts it.
         *
         * @return the server, which listens
         * @throws ChaosException if the address can't be had, or a library is missing
         */
        public FiredrillServer start() {
            try {
                return new FiredrillServer(new ApiServer(host, port, SystemTime.CLOCK, Chance.ofSeed(seed)), seed);
            } catch (NoClassDefFoundError e) {
                throw new ChaosException(
                        "the server needs Netty with HTTP, which is not on the class path; add the artifact"
                                + " io.netty:netty-codec-http",
                        e);
            }
        }
    }
}
