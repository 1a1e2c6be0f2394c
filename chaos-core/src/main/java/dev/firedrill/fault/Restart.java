package dev.firedrill.fault;

/**
 * Stops a node in an orderly way and starts it again at once.
 *
 * <p>Effect: as {@link Stop}, then a start on the same data. The outage lasts as long as the node needs to stop and to become
 * ready; the fault has ended when the start returns. Engines: node engine, on processes and
 * containers.
 *
 * @since 0.1
 */
public record Restart() implements Fault {

    @Override
    public String kind() {
        return "restart";
    }

    @Override
    public Place place() {
        return Place.NODE;
    }

    @Override
    public Reversal reversal() {
        return Reversal.ENDS_BY_ITSELF;
    }
}
