package dev.firedrill.internal.toxiproxy;

import static java.util.Objects.requireNonNull;

import dev.firedrill.ChaosException;
import dev.firedrill.spi.TimeSource;
import eu.rekawek.toxiproxy.ToxiproxyClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.URL;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The HTTP API of one Toxiproxy. Its client waits for ever: here every call has a bound. Safe for concurrent use. */
final class Api {

    private static final int CALL_SECONDS = 10;
    private static final int MAX_INTERRUPTIONS = 10;
    private static final int OLDEST_MINOR = 6;
    private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+)(?:\\.\\d+)?");
    private static final long LOOK_NANOS = 5_000_000;
    private static final int LOOKS = 4_000;
    private static final int MAX_UNANSWERED = 3;

    private final InetSocketAddress address;
    private final ToxiproxyClient client;
    private final Meter meter;

    /** Says which artifact is missing, if one is. */
    static void load() {
        try {
            Class.forName("eu.rekawek.toxiproxy.ToxiproxyClient");
        } catch (ClassNotFoundException | NoClassDefFoundError e) {
            throw new ChaosException(
                    "a Toxiproxy is driven with toxiproxy-java, which is not on the class path; add the artifact"
                            + " eu.rekawek.toxiproxy:toxiproxy-java (dev.firedrill:chaos-junit5 brings it), or set"
                            + " chaos.engine=embedded and no chaos.toxiproxy",
                    e);
        }
    }

    Api(InetSocketAddress address, TimeSource time) {
        this.address = address;
        this.meter = new Meter(this, time);
        this.client = new ToxiproxyClient(address.getHostString(), address.getPort());
    }

    /** What is asked of the client. */
    interface Call<T> {
        T of(ToxiproxyClient client) throws IOException;
    }

    String name() {
        return address.getHostString() + ":" + address.getPort();
    }

    Meter meter() {
        return meter;
    }

    /** What it tells about itself; empty if it does not. */
    String metrics() {
        return ask("tell its metrics", client -> {
            HttpURLConnection connection = (HttpURLConnection)
                    new URL("http", address.getHostString(), address.getPort(), "/metrics").openConnection();
            // one that is kept open would say goodbye some time later; this takes one of the last call along as well
            connection.setRequestProperty("Connection", "close");
            if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
                return "";
            }
            try (InputStream in = connection.getInputStream()) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
        });
    }

    <T> T call(String what, Call<T> call) {
        meter.pause();
        try {
            return ask(what, call);
        } finally {
            meter.resume();
        }
    }

    private <T> T ask(String what, Call<T> call) {
        FutureTask<T> task = new FutureTask<>(() -> call.of(client));
        Thread thread = new Thread(task, "firedrill-toxiproxy");
        thread.setDaemon(true);
        thread.start();
        try {
            return answer(what, task);
        } finally {
            thread.interrupt(); // of no use to one that has ended
        }
    }

    /** What heals must not be cut short by an interruption. */
    private <T> T answer(String what, FutureTask<T> task) {
        boolean interrupted = false;
        try {
            for (int tries = 0; ; tries++) {
                try {
                    return task.get(CALL_SECONDS, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                    if (tries == MAX_INTERRUPTIONS) {
                        throw new ChaosException("interrupted while the Toxiproxy at " + name() + " was to " + what, e);
                    }
                } catch (TimeoutException e) {
                    throw new ChaosException(
                            "the Toxiproxy at " + name() + " did not " + what + " within " + CALL_SECONDS + " s", e);
                } catch (ExecutionException e) {
                    Throwable cause = requireNonNull(e.getCause());
                    throw new ChaosException(
                            "the Toxiproxy at " + name() + " could not " + what + ": " + cause.getMessage(), cause);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** One that has just been started: waits until it answers. */
    void await() {
        int unanswered = 0;
        for (int look = 0; ; look++) {
            try {
                call("say its version", ToxiproxyClient::version);
                return;
            } catch (ChaosException e) {
                unanswered += e.getCause() instanceof TimeoutException ? 1 : 0;
                if (look == LOOKS
                        || unanswered == MAX_UNANSWERED
                        || Thread.currentThread().isInterrupted()) {
                    throw e;
                }
                LockSupport.parkNanos(LOOK_NANOS);
            }
        }
    }

    /** Somebody else's: it is there, and new enough. */
    void check() {
        String answer;
        try {
            answer = call("say its version", ToxiproxyClient::version);
        } catch (ChaosException e) {
            boolean answered = !(e.getCause() instanceof ConnectException
                    || e.getCause() instanceof UnknownHostException
                    || e.getCause() instanceof TimeoutException);
            if (answered) {
                throw new ChaosException(
                        "chaos.toxiproxy \"" + name()
                                + "\": what answers there is no Toxiproxy, for it does not say its"
                                + " version; correct the address, or leave the setting out",
                        e);
            }
            throw new ChaosException(
                    "chaos.toxiproxy \"" + name() + "\": no Toxiproxy answers there: " + e.getCause()
                            + "; start one (toxiproxy-server), correct the address, or leave the setting out",
                    e);
        }
        Matcher version = VERSION.matcher(String.valueOf(answer));
        if (!version.find()) {
            throw new ChaosException("chaos.toxiproxy \"" + name()
                    + "\": what answers there is no Toxiproxy: asked for its version it said \"" + answer
                    + "\"; correct the address, or leave the setting out");
        }
        int major = Integer.parseInt(version.group(1));
        int minor = Integer.parseInt(version.group(2));
        if (major < 2 || (major == 2 && minor < OLDEST_MINOR)) {
            throw new ChaosException("chaos.toxiproxy \"" + name() + "\": its version " + version.group()
                    + " is too old;" + " run 2." + OLDEST_MINOR + " or later, best 2.12.0");
        }
    }
}
