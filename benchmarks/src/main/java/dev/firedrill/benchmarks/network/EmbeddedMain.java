package dev.firedrill.benchmarks.network;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.management.ThreadMXBean;
import dev.firedrill.Chaos;
import dev.firedrill.Service;
import dev.firedrill.Target;
import dev.firedrill.Upstream;
import dev.firedrill.fault.Direction;
import dev.firedrill.fault.Latency;
import dev.firedrill.spi.ActiveFault;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/** The embedded engine as a process: prints its ports, then takes orders line by line until its input ends. */
public final class EmbeddedMain {

    static final String SLOW = "slow";
    static final String HEAL = "heal";
    static final String ALLOCATED = "allocated";

    private static final String IO_THREAD = "firedrill-io";

    private final Chaos chaos;
    private final List<Service> services;
    private final Deque<ActiveFault> active = new ArrayDeque<>();

    private EmbeddedMain(Chaos chaos, List<Service> services) {
        this.chaos = chaos;
        this.services = services;
    }

    /**
     * Runs it.
     *
     * @param arguments a folder for its journal, and the ports of the two servers
     * @throws IOException if nobody gives orders any more
     */
    public static void main(String[] arguments) throws IOException {
        try (Chaos chaos =
                Chaos.builder().home(Path.of(arguments[0])).reports(null).start()) {
            Service echo = chaos.service("echo", Upstream.at("127.0.0.1", Integer.parseInt(arguments[1])));
            Service sink = chaos.service("sink", Upstream.at("127.0.0.1", Integer.parseInt(arguments[2])));
            System.out.println(echo.address().getPort() + " " + sink.address().getPort());
            EmbeddedMain main = new EmbeddedMain(chaos, List.of(echo, sink));
            BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, UTF_8));
            for (String order = orders.readLine(); order != null; order = orders.readLine()) {
                System.out.println(main.follow(order.split(" ", -1)));
            }
        }
    }

    private String follow(String[] order) {
        switch (order[0]) {
            case SLOW -> slow(Integer.parseInt(order[1]), Integer.parseInt(order[2]), Boolean.parseBoolean(order[3]));
            case HEAL -> heal();
            case ALLOCATED -> {
                return String.valueOf(allocated());
            }
            default -> throw new IllegalArgumentException(order[0]);
        }
        return "done";
    }

    private void slow(int latencies, int millis, boolean bothDirections) {
        Latency latency = new Latency(
                Duration.ofMillis(millis), Duration.ZERO, bothDirections ? Direction.BOTH : Direction.DOWNSTREAM);
        for (int i = 0; i < latencies; i++) {
            services.forEach(service -> active.push(chaos.inject(latency, Target.of(service))));
        }
    }

    private void heal() {
        while (!active.isEmpty()) {
            active.pop().heal();
        }
    }

    private static long allocated() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long[] ids = Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
                .filter(info -> info != null && info.getThreadName().equals(IO_THREAD))
                .mapToLong(info -> info.getThreadId())
                .toArray();
        return Arrays.stream(threads.getThreadAllocatedBytes(ids)).sum();
    }
}
