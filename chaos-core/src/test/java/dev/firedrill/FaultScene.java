package dev.firedrill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.firedrill.Answer.How;
import dev.firedrill.PlainClient.Question;
import dev.firedrill.PlainClient.Talk;
import dev.firedrill.fault.Bandwidth;
import dev.firedrill.fault.Blackhole;
import dev.firedrill.fault.Corrupt;
import dev.firedrill.fault.DataRate;
import dev.firedrill.fault.DelayMessage;
import dev.firedrill.fault.Direction;
import dev.firedrill.fault.DropMessage;
import dev.firedrill.fault.Fault;
import dev.firedrill.fault.Fault.Place;
import dev.firedrill.fault.KillBeforeReply;
import dev.firedrill.fault.Latency;
import dev.firedrill.fault.LimitData;
import dev.firedrill.fault.Messages;
import dev.firedrill.fault.PacketLoss;
import dev.firedrill.fault.Restart;
import dev.firedrill.fault.Slice;
import dev.firedrill.fault.SlowClose;
import dev.firedrill.fault.SlowConnect;
import dev.firedrill.schedule.Schedule;
import dev.firedrill.spi.ActiveFault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;

/** A redis in a container, called by the test and by another container, under one engine. */
final class FaultScene implements AutoCloseable {

    /** A latency whose effect can't be taken for anything else. */
    static final Latency LATENCY = new Latency(Duration.ofMillis(300));

    /** So that the 60 KB of {@link Question#BIG} take 0.6 s. */
    static final Bandwidth BANDWIDTH = new Bandwidth(new DataRate(100_000));

    /** So that the same 60 KB take 0.45 s, or 0.6 s where 32 KiB are halved until they are small enough. */
    static final Slice SLICE = new Slice(10_000, 0, Duration.ofMillis(75), Direction.DOWNSTREAM);

    static final LimitData LIMIT_DATA = new LimitData(10_000);
    static final SlowClose SLOW_CLOSE = new SlowClose(LATENCY.delay());
    static final Blackhole CLOSING_BLACKHOLE = new Blackhole(Direction.BOTH, LATENCY.delay());

    /** Never below the other latency. */
    static final Latency NORMAL_LATENCY = new Latency(
            Duration.ofMillis(350), Duration.ofMillis(50), Direction.DOWNSTREAM, Latency.Distribution.NORMAL);

    /** Longer than the others, for a client listens for a moment before it asks. */
    static final SlowConnect SLOW_CONNECT = new SlowConnect(Duration.ofMillis(400));

    /** Everything is lost six times, so that it takes 63 times the first wait. */
    static final PacketLoss PACKET_LOSS = new PacketLoss(0.999_999_999, Duration.ofMillis(5), Direction.DOWNSTREAM);

    private static final Messages RESP = Messages.ALL.framed("resp"); // the client writes as telnet would

    /** Those of single messages that a client without a second request can see. */
    static final List<Fault> OF_MESSAGES = List.of(
            new Corrupt(Corrupt.How.TRUNCATE, RESP, Direction.DOWNSTREAM),
            new DropMessage(RESP),
            new DelayMessage(LATENCY.delay(), RESP),
            new KillBeforeReply(RESP)); // the last, for what is in the redis goes with it

    private static final Duration MUCH_SHOWS = Duration.ofMillis(400);
    private static final Duration WITHIN = Duration.ofSeconds(20);

    private final Network network = Network.newNetwork();
    private final GenericContainer<?> other = ContainerClient.prepared().withNetwork(network);
    private final Chaos chaos;
    private final Service redis;
    private final List<PlainClient> clients;

    FaultScene(String engine, Path home) {
        chaos = Chaos.builder()
                .home(home)
                .reports(null)
                .settings(Map.of("chaos.engine", engine)::get)
                .start();
        redis = chaos.declare(
                "redis",
                ServiceContainer.of(new GenericContainer<>("redis:7.0")
                                .withNetwork(network)
                                .withNetworkAliases("redis"))
                        .ports(6379));
        clients = List.of(new SocketClient(redis::address), new ContainerClient(Link.CONTAINERS, other));
    }

    FaultScene start() throws Exception {
        Together.run("scene", List.of(redis::start, other::start));
        assertThat(other.execInContainer("redis-cli", "-h", "redis", "set", "big", Question.VALUE)
                        .getStdout())
                .contains("OK");
        return this;
    }

    /** What tells a fault from the others of a scene. */
    static String name(Fault fault) {
        if (fault.equals(CLOSING_BLACKHOLE)) {
            return "blackhole with a timeout";
        }
        return fault.equals(NORMAL_LATENCY) ? "latency, not uniform" : fault.kind();
    }

    /** What each client sees of a fault, in a sentence, or why it is refused. */
    List<String> look(Fault fault) throws Exception {
        if (fault.place() == Place.NODE) {
            return look(fault, "redis", clients);
        }
        List<String> seen = new ArrayList<>();
        for (PlainClient client : clients) {
            seen.addAll(look(fault, client.name() + "->redis", List.of(client)));
        }
        return seen;
    }

    private List<String> look(Fault fault, String target, List<PlainClient> from) throws Exception {
        String refusal = refusal(fault, target);
        if (refusal != null) {
            return List.of("refused: " + refusal);
        }
        Map<PlainClient, Talk> open = new LinkedHashMap<>();
        Map<PlainClient, String> seen = new LinkedHashMap<>();
        try {
            for (PlainClient client : from) {
                open.put(client, client.open());
            }
            ActiveFault made = chaos.inject(fault, Target.parse(target));
            try {
                for (PlainClient client : from) {
                    seen.put(client, during(fault, open.get(client), client));
                }
            } finally {
                made.heal();
            }
            for (PlainClient client : from) {
                seen.merge(client, after(fault, open.get(client), client), String::concat);
            }
        } finally {
            open.values().forEach(Talk::close);
        }
        await().atMost(WITHIN).until(() -> redis.nodes().get(0).state() == Node.State.READY);
        return List.copyOf(seen.values());
    }

    /** What an experiment says of a fault that the test met; null if it is refused. */
    @Nullable
    Report drill(Fault fault) {
        String target = Link.TEST + "->redis";
        return refusal(fault, target) != null
                ? null
                : chaos.experiment(name(fault))
                        .inject(fault, Target.parse(target), Schedule.now())
                        .observe(drill -> clients.get(0).ask(question(fault)));
    }

    private @Nullable String refusal(Fault fault, String target) {
        try {
            chaos.experiment("refused")
                    .inject(fault, Target.parse(target), Schedule.now())
                    .build();
            return null;
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
    }

    private static String during(Fault fault, Talk open, PlainClient client) throws Exception {
        Question question = question(fault);
        String old = words(fault, open.ask(question));
        if (fault instanceof Restart) {
            awaitAnswer(fault, client);
            return "Open connection: " + old + "; new one: answered as soon as it is ready.";
        }
        String fresh = words(fault, client.ask(question));
        return old.equals(fresh)
                ? "Open and new connection: " + old + "."
                : "Open connection: " + old + "; new one: " + fresh + ".";
    }

    private static String after(Fault fault, Talk open, PlainClient client) throws Exception {
        if (fault instanceof Restart) {
            return "";
        }
        Question question = questionAfter(fault);
        Answer old = open.ask(question);
        if (old.isAnswered()) {
            await().atMost(WITHIN).until(() -> isQuick(fault, open.ask(question)));
        }
        awaitAnswer(fault, client);
        return " Healed: " + (old.isAnswered() ? "both answered" : "open one " + old.how().words + ", new one answered")
                + ".";
    }

    /** A machine that is busy elsewhere may be slow once. */
    private static void awaitAnswer(Fault fault, PlainClient client) {
        AtomicReference<Answer> last = new AtomicReference<>(Answer.of(How.LOST));
        await().atMost(WITHIN).until(() -> {
            last.set(client.ask(questionAfter(fault)));
            return isQuick(fault, last.get());
        });
    }

    private static boolean isQuick(Fault fault, Answer answer) {
        return answer.isAnswered() && !answer.isSlowerThan(shows(fault));
    }

    private static Question question(Fault fault) {
        if (fault instanceof SlowClose) {
            return Question.QUIT;
        }
        return isFeltByMuch(fault) || fault instanceof LimitData || fault instanceof Corrupt
                ? Question.BIG
                : Question.PING;
    }

    private static Question questionAfter(Fault fault) {
        return fault instanceof SlowClose ? Question.PING : question(fault);
    }

    private static boolean isFeltByMuch(Fault fault) {
        return fault instanceof Bandwidth || fault instanceof Slice;
    }

    private static Duration shows(Fault fault) {
        return isFeltByMuch(fault) ? MUCH_SHOWS : LATENCY.delay();
    }

    private static String words(Fault fault, Answer answer) {
        // a blackhole counts from when it began, which was some time before the question
        boolean isLate = answer.isSlowerThan(shows(fault)) && (answer.isAnswered() || fault instanceof SlowClose);
        if (!isLate) {
            return answer.how().words;
        }
        if (isFeltByMuch(fault)) {
            return fault instanceof Bandwidth ? "60 KB arrive at the rate" : "60 KB arrive piece by piece";
        }
        return answer.how().words + " " + LATENCY.delay().toMillis() + " ms later";
    }

    @Override
    public void close() {
        chaos.close();
        other.stop();
        network.close();
    }
}
