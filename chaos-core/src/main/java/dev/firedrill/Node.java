package dev.firedrill;

import static java.util.Objects.requireNonNull;

import dev.firedrill.fault.Kill;
import dev.firedrill.internal.Front.Sight;
import dev.firedrill.internal.NodeControl;
import dev.firedrill.internal.container.ContainerControl;
import dev.firedrill.internal.container.FirstStart;
import dev.firedrill.spi.Effects;
import dev.firedrill.spi.TimeSource;
import dev.firedrill.spi.UndoRecord;
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
    private final Duration readyWithin;
    private final boolean diverted;
    private final Lives lives = new Lives();
    private final Fronts fronts = new Fronts();
    private final List<NodeListener> listeners = new CopyOnWriteArrayList<>();

    private volatile State state = State.DOWN;
    private State beforePause = State.DOWN;
    private @Nullable ReadyWatch watch;
    private volatile boolean downByFault;
    private volatile boolean retired;
    private boolean closed;

    private Node(
            Service service,
            int index,
            TimeSource time,
            @Nullable NodeControl control,
            Duration readyWithin,
            boolean diverted,
            Function<Integer, InetSocketAddress> endpoints) {
        this.service = service;
        this.index = index;
        this.time = time;
        this.control = control;
        this.readyWithin = readyWithin;
        this.diverted = diverted;
        this.endpoints = endpoints;
    }

    /** {@code diverted}: whether the test's way to it leads through a Toxiproxy. */
    static Node ours(
            Service service, int index, TimeSource time, NodeControl control, Duration readyWithin, boolean diverted) {
        return new Node(service, index, time, control, readyWithin, diverted, control::endpoint);
    }

    static Node foreign(Service service, int index, TimeSource time, Upstream upstream, boolean diverted) {
        Node node = new Node(service, index, time, null, Duration.ZERO, diverted, upstream::address);
        node.state = State.READY;
        return node;
    }

    /**
     * What a node is doing.
     *
     * @since 0.1
     */
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
        return lives.list();
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

    /**
     * The name that other containers call it by.
     *
     * @return the first of its aliases
     * @throws IllegalStateException if it is no container, or has none
     */
    public String alias() {
        return aliases().stream()
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(name() + " has no alias on a network of containers"));
    }

    /** The names that other containers call it by; empty if their calls can't be led through a Toxiproxy. */
    List<String> aliases() {
        FirstStart first = container() == null ? null : container().first();
        return first == null ? List.of() : first.aliases();
    }

    @Nullable
    ContainerControl container() {
        return control instanceof ContainerControl container ? container : null;
    }

    boolean isDiverted() {
        return diverted;
    }

    UndoRecord undoOfFault() {
        return control().undoOfFault();
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
        fronts.add(link);
    }

    List<Link> links() {
        return fronts.links();
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
        if (control().isAlive() || retired) {
            return;
        }
        stopWatching();
        lives.end(time.now(), control().ending());
        // Toxiproxy hangs on what has no address, and takes whoever calls next along
        boolean hidden = diverted && !lives.list().isEmpty();
        RuntimeException untold = tell(hidden ? Sight.RESET : Sight.CHANGING, effects);
        try {
            lives.begin(control().start(), time.now());
        } catch (RuntimeException e) {
            state = State.DOWN;
            RuntimeException more = tell(Sight.RESET, effects);
            if (more != null) {
                e.addSuppressed(more);
            }
            throw e;
        }
        if (hidden) {
            untold = tell(Sight.CHANGING, effects);
        }
        state = State.STARTING;
        downByFault = false;
        tell("started as " + lives.list().get(lives.number() - 1).id());
        int life = lives.number();
        control().onEnd(() -> endedByItself(life));
        watch();
        if (untold != null) {
            throw untold; // it runs, but a front turns its callers away
        }
    }

    /** A front that can't be told must not keep the node from being started. */
    private @Nullable RuntimeException tell(Sight sight, Effects effects) {
        try {
            fronts.show(sight, effects);
            return null;
        } catch (RuntimeException e) {
            return e;
        }
    }

    private void watch() {
        watch = new ReadyWatch(name(), control(), time, readyWithin, this::ready, this::tell);
        watch.start();
    }

    private synchronized void ready(ReadyWatch by, String after) {
        if (state == State.STARTING && watch == by) {
            state = State.READY;
            lives.ready(time.now());
            fronts.show(Sight.UP, Effects.NONE);
            tell("ready " + after + " after its start");
        }
    }

    private synchronized void endedByItself(int life) {
        if (closed || state == State.DOWN || life != lives.number()) {
            return; // Firedrill ended it
        }
        boolean starting = state == State.STARTING;
        stopWatching();
        state = State.DOWN;
        lives.end(time.now(), control().ending());
        fronts.show(Sight.RESET, Effects.NONE);
        tell("ended by itself" + (starting ? " before it was ready: " : ": ")
                + control().ending());
    }

    /** Waits until the node is ready. Throws with its output if it ends or takes too long. */
    void awaitReady() {
        if (control != null) {
            ReadyWatch.await(this, control, time, readyWithin);
        }
    }

    String outputText() {
        List<String> lines = output(20);
        return lines.isEmpty() ? "; it wrote nothing" : "; its last output:\n  | " + String.join("\n  | ", lines);
    }

    synchronized void kill(Kill.Looks looks, Effects effects) {
        stopWatching();
        // the front first, so that callers see what the fault says and not how the kernel takes the sockets down
        fronts.show(looks == Kill.Looks.RESET ? Sight.RESET : Sight.SILENT, effects);
        try {
            control().kill();
        } catch (RuntimeException e) {
            showAsItIs();
            throw e;
        }
        state = State.DOWN;
        downByFault = true;
        lives.end(time.now(), "killed");
        effects.touched(this);
        tell("killed");
    }

    synchronized void stop(Effects effects) {
        stopWatching();
        fronts.show(Sight.CHANGING, effects);
        String how;
        try {
            how = control().stop();
        } catch (RuntimeException e) {
            showAsItIs();
            throw e;
        }
        state = State.DOWN;
        downByFault = true;
        lives.end(time.now(), how);
        fronts.show(Sight.RESET, effects);
        effects.touched(this);
        tell("stopped: " + how);
    }

    synchronized void pause(Effects effects) {
        fronts.show(Sight.FROZEN, effects);
        try {
            control().pause();
        } catch (RuntimeException e) {
            showAsItIs();
            throw e;
        }
        stopWatching(); // a frozen process accepts connections, too
        beforePause = state;
        state = State.PAUSED;
        effects.touched(this);
        tell("paused");
    }

    synchronized void resume() {
        if (state != State.PAUSED) {
            return;
        }
        control().resume();
        state = beforePause;
        showAsItIs();
        tell("resumed");
        if (state == State.STARTING) {
            watch();
        }
    }

    boolean isDownByFault() {
        return downByFault;
    }

    /** It is about to be closed: once down, it stays down. */
    void retire() {
        retired =
                container() == null || requireNonNull(container()).first() != null; // somebody else's has to run again
        if (control != null) {
            control.retire();
        }
    }

    synchronized void close() {
        closed = true;
        stopWatching();
        if (control != null) {
            control.close();
            state = State.DOWN;
        }
    }

    private void stopWatching() {
        if (watch != null) {
            watch.stop();
            watch = null;
        }
    }

    /** After something that could not be done to it. */
    private void showAsItIs() {
        fronts.show(state() == State.READY ? Sight.UP : Sight.CHANGING, Effects.NONE);
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

    @Override
    public String toString() {
        return name();
    }
}
