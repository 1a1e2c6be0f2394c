package dev.firedrill.internal.proxy;

import static org.awaitility.Awaitility.await;

import dev.firedrill.BareLinks;
import dev.firedrill.Link;
import dev.firedrill.Step;
import dev.firedrill.Target;
import dev.firedrill.fault.Direction;
import dev.firedrill.fault.Fault;
import dev.firedrill.internal.Front;
import dev.firedrill.internal.SystemTime;
import dev.firedrill.report.Choice;
import dev.firedrill.schedule.Chance;
import dev.firedrill.schedule.Schedule;
import dev.firedrill.spi.ActiveFault;
import dev.firedrill.spi.Draw;
import dev.firedrill.spi.Occurrence;
import dev.firedrill.spi.Resolved;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** An embedded proxy with a link of the test and one of the probes to the same server, made anew for each test. */
final class Rig implements BeforeEachCallback, AfterEachCallback {

    /** A name with an address where nobody listens and then that of the server. */
    static final String SEVERAL = "several.test";

    private static final long SEED = 8231;

    private final List<Peer> peers = new ArrayList<>();
    private final Queue<Choice> choices = new ConcurrentLinkedQueue<>();
    private long seed = SEED;
    private EmbeddedProxy proxy;
    private HandServer server;
    private Link link;
    private Front front;
    private Link probes;
    private Front probeFront;
    private volatile InetSocketAddress upstream;

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        start();
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        close();
    }

    private void start() throws IOException {
        proxy = new EmbeddedProxy(SystemTime.CLOCK, Rig::lookup);
        server = new HandServer();
        upstream = server.address();
        link = BareLinks.link(proxy, Link.TEST, "kv");
        probes = BareLinks.link(proxy, Link.PROBE, "kv");
        front = proxy.open(link, () -> upstream);
        probeFront = proxy.open(probes, () -> upstream);
    }

    private static InetAddress[] lookup(String name) throws UnknownHostException {
        return name.equals(SEVERAL) ? new InetAddress[] {loopback(2), loopback(1)} : InetAddress.getAllByName(name);
    }

    private static InetAddress loopback(int last) throws UnknownHostException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) last});
    }

    private void close() throws IOException {
        proxy.close();
        server.close();
        for (Peer peer : peers) {
            peer.close();
        }
        peers.clear();
        choices.clear();
    }

    /** Everything is new, but for the seed. */
    void again() throws IOException {
        close();
        start();
    }

    EmbeddedProxy proxy() {
        return proxy;
    }

    HandServer server() {
        return server;
    }

    Link link() {
        return link;
    }

    Front front() {
        return front;
    }

    Front probeFront() {
        return probeFront;
    }

    void leadsTo(InetSocketAddress address) {
        upstream = address;
    }

    void seed(long number) {
        seed = number;
    }

    // ---- connections

    /** Both far ends of a connection through the proxy. */
    record Route(Peer caller, Peer service) {

        /** Who sends in a direction. */
        Peer from(Direction direction) {
            return direction == Direction.UPSTREAM ? caller : service;
        }

        /** Who receives in a direction. */
        Peer to(Direction direction) {
            return direction == Direction.UPSTREAM ? service : caller;
        }

        /** A byte each way: the proxy has noticed that the connection is open. */
        Route exchange() throws IOException {
            caller.send("?");
            service.receive(1);
            service.send("!");
            caller.receive(1);
            return this;
        }
    }

    Peer caller() throws IOException {
        return callerOf(front);
    }

    Peer callerOf(Front entrance) throws IOException {
        Peer caller = Peer.connect(entrance.address());
        peers.add(caller);
        return caller;
    }

    Route connect() throws IOException {
        return connect(front);
    }

    Route connect(Front entrance) throws IOException {
        Peer caller = callerOf(entrance);
        return new Route(caller, server.accepted());
    }

    /** Sends bytes and waits until the proxy has read them, so that what is sent next is another message. */
    void sendAlone(Route route, Direction way, String message) throws IOException {
        long expected = passed(way) + message.length();
        route.from(way).send(message);
        await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1)).until(() -> passed(way) == expected);
    }

    /** How many bytes the proxy has read of a direction. */
    long passed(Direction way) {
        Link.Traffic traffic = front.traffic();
        return way == Direction.UPSTREAM ? traffic.upstream() : traffic.downstream();
    }

    // ---- faults

    /** A fault in force, and what it touched. */
    record Injected(ActiveFault fault, Counted effects) {

        void heal() {
            fault.heal();
        }
    }

    Injected inject(Fault fault) {
        return inject("1-" + fault.kind(), fault, Schedule.now());
    }

    Injected inject(String id, Fault fault, Schedule schedule) {
        return inject(draw(id, schedule), id, fault, schedule);
    }

    /** The chance of a step, which all its occurrences share. */
    Draw draw(String id, Schedule schedule) {
        return new Draw(id, schedule, Chance.ofSeed(seed).at("test").at(id), choices::add);
    }

    /** One occurrence of a step. */
    Injected inject(Draw draw, String id, Fault fault, Schedule schedule) {
        int dash = id.indexOf('-');
        int place = dash > 0 && id.substring(0, dash).matches("\\d+") ? Integer.parseInt(id.substring(0, dash)) : 0;
        Step step = new Step(place, id, fault, Target.parse("kv"), schedule);
        Counted effects = new Counted();
        Resolved resolved = new Resolved(List.of(link, probes), List.of());
        return new Injected(
                proxy.prepare(new Occurrence(step, 0, resolved, List.of(), draw, effects))
                        .activate(),
                effects);
    }

    /** What chance has decided so far. */
    List<Choice> choices() {
        return List.copyOf(choices);
    }
}
