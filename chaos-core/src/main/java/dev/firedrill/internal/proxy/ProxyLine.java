package dev.firedrill.internal.proxy;

import dev.firedrill.spi.Effects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Of a proxy that belongs to no experiment: nobody asks what a fault has touched, and there is no report that tells the rest. */
final class ProxyLine implements Line {

    static final Logger LOG = LoggerFactory.getLogger("dev.firedrill.server");

    private final String name;

    /** Once is enough, however many callers come. */
    private boolean told;

    ProxyLine(String name) {
        this.name = name;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean isLookedAt() {
        return false;
    }

    @Override
    public void touched(Effects effects, boolean ofTest) {}

    @Override
    public void reached() {
        told = false;
    }

    @Override
    public void unreachable(String upstream, String why) {
        if (!told) {
            told = true;
            LOG.warn(
                    "proxy {}: upstream {} can't be reached, so that callers are reset: {} (said once until it can)",
                    name,
                    upstream,
                    why);
        }
    }
}
