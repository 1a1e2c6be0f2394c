package dev.firedrill.fault;

/**
 * Which way the bytes flow that a link fault acts on.
 *
 * @since 0.1
 */
public enum Direction {
    /** From the caller to the service: requests. */
    UPSTREAM,
    /** From the service to the caller: replies. */
    DOWNSTREAM,
    /** Both ways. */
    BOTH;

    /**
     * Says whether this direction covers requests.
     *
     * @return true for {@link #UPSTREAM} and {@link #BOTH}
     */
    public boolean coversUpstream() {
        return this != DOWNSTREAM;
    }

    /**
     * Says whether this direction covers replies.
     *
     * @return true for {@link #DOWNSTREAM} and {@link #BOTH}
     */
    public boolean coversDownstream() {
        return this != UPSTREAM;
    }
}
