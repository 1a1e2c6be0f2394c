package dev.firedrill;

import dev.firedrill.fault.Kill;
import dev.firedrill.spi.Effects;
import dev.firedrill.spi.Front.Sight;
import dev.firedrill.spi.NodeControl;
import dev.firedrill.spi.TimeSource;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A stable slot for a server whose incarnations come and go. Safe for concurrent use.
 *
 * <pre>
 *                    start            accepts connections
 *   DOWN ------------------> STARTING --------------------> READY
 *    ^                          |                          |  ^   \
 *    +--- ends, kill, stop -----+--------------------------+  |    pause
 *    ^                                                   resume    v
 *    +--------------------------- kill ----------------------- PAUSED
 * </pre>
 *
 * @since 0.1
 */
public final class Node {

    private final Service service;
    private final int index;
    private final TimeSource time;
    private final Function<Integer, InetSocketAddress> endpoints;
    private final @Nullable NodeControl control;
    private final @Nullable Readiness readiness;
    private final List<Incarnation> incarnations = new CopyOnWriteArrayList<>();
    private final List<NodeListener> listeners = new CopyOnWriteArrayList<>();
    private final List<Link> links = new CopyOnWriteArrayList<>();

    /** Not the node itself: a link is opened by who holds all links, and a node that starts asks for links. */
    private final Object sights = new Object();

    private volatile State state = State.DOWN;
    private Sight sight = Sight.UP; // guarded by sights, as is the next
    private Effects sightEffects = Effects.NONE;
    private boolean closed;

    private Node(
            Service service,
            int index,
            TimeSource time,
            @Nullable NodeControl control,
            Duration readyWithin,
            Function<Integer, InetSocketAddress> endpoints) {
        this.service = service;
        this.index = index;
        this.time = time;
        this.control = control;
        this.readiness = control == null ? null : new Readiness(this, control, time, readyWithin);
        this.endpoints = endpoints;
    }

    static Node ours(Service service, int index, TimeSource time, NodeControl control, Duration readyWithin) {
        return new Node(service, index, time, control, readyWithin, control::endpoint);
    }

    static Node foreign(Service service, int index, TimeSource time, Upstream upstream) {
        Node node = new Node(service, index, time, null, Duration.ZERO, upstream::address);
        node.state = State.READY;
        return node;
    }

    /** What a node is doing. */
    public enum State {
        /** It is not running. */
        DOWN,
        /** It runs and does not accept connections yet. */
        STARTING,
        /** It runs; of a foreign server nothing more is known. */
        READY,
        /** It is frozen. */
        PAUSED
    }

    /** Hears what happens to a node. */
    @FunctionalInterface
    interface NodeListener {
        void happened(Node node, String text);
    }

    /**
     * The service it belongs to.
     *
     * @return the service
     */
    public Service service() {
        return service;
    }

    /**
     * Its number in the service.
     *
     * @return from 0
     */
    public int index() {
        return index;
    }

    /**
     * The name in reports and targets.
     *
     * @return the service's name, with the index if the service has several nodes, such as {@code pg[1]}
     */
    public String name() {
        return index == 0 && service.nodes().size() == 1 ? service.name() : service.name() + "[" + index + "]";
    }

    /**
     * Says whether it is somebody else's server, of which only the links are ours.
     *
     * @return true if Firedrill did not start it
     */
    public boolean isForeign() {
        return control == null;
    }

    /**
     * What it is doing.
     *
     * @return its state now
     */
    public State state() {
        if (control != null && state != State.DOWN && !control.isAlive()) {
            return State.DOWN;
        }
        return state;
    }

    /**
     * Its lives so far.
     *
     * @return oldest first; empty for a foreign server
     */
    public List<Incarnation> incarnations() {
        return List.copyOf(incarnations);
    }

    /**
     * The last lines that it wrote.
     *
     * @param lines how many at the most
     * @return oldest first; empty for a foreign server
     */
    public List<String> output(int lines) {
        return control == null ? List.of() : control.output(lines);
    }

    /**
     * The link from a caller to one of the ports; opened if it is not open yet.
     *
     * @param caller {@link Link#TEST}, {@link Link#PROBE}, or the name of a service
     * @param port the port that the service is known under
     * @return the link
     * @throws IllegalArgumentException if the service has no such port, or the caller's name is blank
     */
    public Link link(String caller, int port) {
        return service.link(caller, this, port);
    }

    /**
     * The link from a caller to the service's only port; opened if it is not open yet.
     *
     * @param caller {@link Link#TEST}, {@link Link#PROBE}, or the name of a service
     * @return the link
     * @throws IllegalArgumentException if the service has no port, or several, or the caller's name is blank
     */
    public Link link(String caller) {
        return link(caller, service.onlyPort());
    }

    /**
     * Checks a template without touching anything; the service need not have been started.
     *
     * @param template as for {@link #fill}
     * @throws IllegalArgumentException if the template has no <code>{port}</code> or names an unknown one
     */
    public void checkTemplate(String template) {
        Template.check(template, service);
    }

    /**
     * A template filled in with a caller's address of this node.
     *
     * @param template such as <code>redis://{host}:{port}/0</code>; with several ports write <code>{port:5672}</code>
     * @param caller {@link Link#TEST}, {@link Link#PROBE}, or the name of a service
     * @return the text
     * @throws IllegalArgumentException if the template has no <code>{port}</code> or names an unknown one
     */
    public String fill(String template, String caller) {
        return Template.fill(template, this, caller);
    }

    InetSocketAddress endpoint(int port) {
        return endpoints.apply(port);
    }

    void listen(NodeListener listener) {
        listeners.add(listener);
    }

    void unlisten(NodeListener listener) {
        listeners.remove(listener);
    }

    void linked(Link link) {
        synchronized (sights) {
            links.add(link);
            link.front().show(sight, sightEffects);
        }
    }

    List<Link> links() {
        return links;
    }

    void startFirst() {
        if (control != null) {
            start(Effects.NONE);
        }
    }

    /** Starts an incarnation and looks for its readiness on a thread of its own. */
    synchronized void start(Effects effects) {
        if (closed) {
            throw new IllegalStateException(name() + " can't be started: its Chaos is closed");
        }
        if (control().isAlive()) {
            return;
        }
        readiness().stopWatching();
        closeIncarnation(control().ending());
        show(Sight.CHANGING, effects);
        try {
            String id = control().start();
            incarnations.add(new Incarnation(incarnations.size() + 1, id, time.now(), null, null, ""));
            state = State.STARTING;
            tell("started as " + id);
        } catch (RuntimeException e) {
            state = State.DOWN;
            show(Sight.RESET, effects);
            throw e;
        }
        readiness().watch();
    }

    synchronized void ready(String after) {
        if (state == State.STARTING && !Thread.currentThread().isInterrupted()) {
            state = State.READY;
            replaceIncarnation(life -> new Incarnation(life.number(), life.id(), life.started(), time.now(), null, ""));
            show(Sight.UP, Effects.NONE);
            tell("ready " + after + " after its start");
        }
    }

    synchronized void ended(String after) {
        if (state == State.STARTING && !Thread.currentThread().isInterrupted()) {
            state = State.DOWN;
            closeIncarnation(control().ending());
            show(Sight.RESET, Effects.NONE);
            tell("ended " + after + " after its start: " + control().ending());
        }
    }

    /** Waits until the node accepts connections. Throws with its output if it ends or takes too long. */
    void awaitReady() {
        if (readiness != null) {
            readiness.await();
        }
    }

    String outputText() {
        List<String> lines = output(20);
        return lines.isEmpty() ? "; it wrote nothing" : "; its last output:\n  | " + String.join("\n  | ", lines);
    }

    synchronized void kill(Kill.Looks looks, Effects effects) {
        readiness().stopWatching();
        // the front first, so that callers see what the fault says and not how the kernel takes the sockets down
        show(looks == Kill.Looks.RESET ? Sight.RESET : Sight.SILENT, effects);
        try {
            control().kill();
        } catch (RuntimeException e) {
            show(Sight.UP, Effects.NONE);
            throw e;
        }
        state = State.DOWN;
        closeIncarnation("killed");
        effects.touched(this);
        tell("killed");
    }

    synchronized void stop(Effects effects) {
        readiness().stopWatching();
        show(Sight.CHANGING, effects);
        String how;
        try {
            how = control().stop();
        } catch (RuntimeException e) {
            show(Sight.UP, Effects.NONE);
            throw e;
        }
        state = State.DOWN;
        closeIncarnation(how);
        show(Sight.RESET, effects);
        effects.touched(this);
        tell("stopped: " + how);
    }

    synchronized void pause(Effects effects) {
        show(Sight.FROZEN, effects);
        try {
            control().pause();
        } catch (RuntimeException e) {
            show(Sight.UP, Effects.NONE);
            throw e;
        }
        state = State.PAUSED;
        effects.touched(this);
        tell("paused");
    }

    synchronized void resume() {
        if (state == State.PAUSED) {
            control().resume();
            state = State.READY;
            show(Sight.UP, Effects.NONE);
            tell("resumed");
        }
    }

    synchronized void close() {
        closed = true;
        if (readiness != null) {
            readiness.stopWatching();
        }
        if (control != null) {
            control.close();
            state = State.DOWN;
        }
    }

    private void show(Sight next, Effects effects) {
        synchronized (sights) {
            sight = next;
            sightEffects = effects;
            links.forEach(link -> link.front().show(next, effects));
        }
    }

    private void closeIncarnation(String ending) {
        replaceIncarnation(life -> life.ended() != null
                ? life
                : new Incarnation(life.number(), life.id(), life.started(), life.ready(), time.now(), ending));
    }

    private void replaceIncarnation(Function<Incarnation, Incarnation> change) {
        if (!incarnations.isEmpty()) {
            int last = incarnations.size() - 1;
            incarnations.set(last, change.apply(incarnations.get(last)));
        }
    }

    private void tell(String text) {
        listeners.forEach(listener -> listener.happened(this, text));
    }

    private NodeControl control() {
        if (control == null) {
            throw new IllegalStateException(name() + " is somebody else's server");
        }
        return control;
    }

    private Readiness readiness() {
        if (readiness == null) {
            throw new IllegalStateException(name() + " is somebody else's server");
        }
        return readiness;
    }

    @Override
    public String toString() {
        return name();
    }
}
