package dev.firedrill.internal.toxiproxy;

import dev.firedrill.Link;
import dev.firedrill.internal.Front;
import dev.firedrill.spi.Effects;
import java.net.InetSocketAddress;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The listening end of a link between containers: Toxiproxy itself, under the service's own alias. What passes it can't be
 * watched from here.
 */
final class InnerFront implements Front {

    private final InetSocketAddress address;
    private final Runnable onClose;
    private volatile @Nullable Hop hop;
    private Sight sight = Sight.UP;

    InnerFront(InetSocketAddress address, Runnable onClose) {
        this.address = address;
        this.onClose = onClose;
    }

    synchronized void leadsThrough(Hop through) {
        hop = through;
        show(sight, Effects.NONE);
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    /** Toxiproxy hangs on a container whose address is gone: of a dead one its callers are turned away at once. */
    @Override
    public synchronized void show(Sight to, Effects effects) {
        sight = to;
        Hop through = hop;
        if (through != null) {
            through.enable(to != Sight.RESET && to != Sight.SILENT);
        }
    }

    @Override
    public BooleanSupplier watch() {
        Hop through = hop;
        if (through == null) {
            return () -> false;
        }
        Meter meter = through.api().meter();
        long since = meter.begin();
        return () -> meter.end(since);
    }

    @Override
    public Link.Traffic traffic() {
        return new Link.Traffic(0, 0, 0);
    }

    @Override
    public void countAnew() {}

    @Override
    public void settle() {}

    @Override
    public void close() {
        onClose.run();
    }
}
