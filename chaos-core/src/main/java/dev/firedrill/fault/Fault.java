package dev.firedrill.fault;

/**
 * Something that goes wrong on purpose.
 *
 * <p>A fault says <em>what</em> happens and nothing else: where is a {@code Target}, when is a {@code Schedule}, how is an
 * {@code Engine}. Implementations are immutable records that validate in their compact constructor. A library author may
 * implement it for a fault of their own and register an engine that supports it.
 *
 * @since 0.1
 */
public interface Fault {

    /**
     * The name used in reports and messages, in kebab case, such as {@code reset-peer}.
     *
     * @return the name; the same for every instance of a class
     */
    String kind();

    /**
     * What kind of target the fault acts on.
     *
     * @return links, or nodes
     */
    Place place();

    /**
     * Whether and how the fault ends.
     *
     * @return reversible unless overridden
     */
    default Reversal reversal() {
        return Reversal.REVERSIBLE;
    }

    /**
     * What a schedule's {@code probability} and {@code nth} are drawn over.
     *
     * @return occurrences unless overridden
     */
    default Candidate candidate() {
        return Candidate.OCCURRENCE;
    }

    /**
     * The kind of target that a fault acts on.
     *
     * @since 0.1
     */
    enum Place {
        /** The path from a caller to a service's port. */
        LINK,
        /** A process, a container, a server. */
        NODE
    }

    /**
     * How a fault comes to its end.
     *
     * @since 0.1
     */
    enum Reversal {
        /** Healing undoes it. */
        REVERSIBLE,
        /** It is over as soon as it has happened; there is nothing left to undo. */
        ENDS_BY_ITSELF,
        /** It can't be undone; allowed only on what Firedrill started or the user named. */
        IRREVERSIBLE
    }

    /**
     * The thing that one draw of chance decides about.
     *
     * @since 0.1
     */
    enum Candidate {
        /**
         * What one side of a connection says until the other speaks, cut every 1,024 bytes where it is longer: a request,
         * a reply, or a part of one. How the bytes happen to be read has no say in it.
         */
        MESSAGE,
        /** One connection. */
        CONNECTION,
        /** One start of the fault by its schedule. */
        OCCURRENCE
    }
}
