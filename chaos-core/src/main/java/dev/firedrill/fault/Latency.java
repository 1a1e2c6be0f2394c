package dev.firedrill.fault;

import static java.util.Objects.requireNonNull;

import dev.firedrill.schedule.Durations;
import java.time.Duration;

/**
 * Delays what passes over a link.
 *
 * <p>On the wire: each message is held for {@code delay}, give or take what is drawn for it, then passed on; order is kept
 * and messages are held side by side (pipelined), so that throughput is not limited (until 16 MiB of a direction are under
 * way at once, when the sender has to wait). Connecting is not delayed; the end of the stream keeps its place behind the
 * bytes before it. A typical client sees slow replies, and time-outs where its limit is lower. Healing releases what is
 * held, in order. Engines: embedded, and Toxiproxy for whole milliseconds and a uniform distribution. Semantics:
 * Toxiproxy's {@code latency} toxic, with jitter drawn by the seed but between containers; the other distributions are
 * those of Linux' {@code netem}, with bounds.
 *
 * @param delay the mean delay, at least zero
 * @param jitter how far a delay deviates from the mean, see {@link Distribution}; at most {@code delay}, zero for none
 * @param direction which way is slow; replies by default, so that a round trip costs {@code delay} more
 * @param distribution how delays are spread; uniform by default
 * @since 0.1
 */
public record Latency(Duration delay, Duration jitter, Direction direction, Distribution distribution)
        implements Fault {

    /** How many times the jitter the latest of a Pareto distribution is behind the mean, at the most. */
    private static final int MOST_OF_PARETO = 9;

    /**
     * How the delays of single messages are spread around the mean. None is shorter than {@code delay - jitter}.
     *
     * @since 0.1
     */
    public enum Distribution {
        /** Any delay up to {@code jitter} from the mean is as likely as any other. */
        UNIFORM,
        /**
         * Most are near the mean: the bell curve whose standard deviation is a third of {@code jitter}; what is further away
         * than {@code jitter}, one in 370, is cut to that.
         */
        NORMAL,
        /**
         * Most are quick and a few take very long: two of three are below the mean, one in a hundred is later by more than
         * six times {@code jitter}, and none by more than nine times. A Pareto distribution of shape 3 from {@code delay -
         * jitter}, cut at its latest half percent.
         */
        PARETO
    }

    /**
     * Checks the arguments.
     *
     * @throws IllegalArgumentException if the delay or the jitter is negative, the jitter is larger than the delay, the
     *     latest message would come after 100 years, or a distribution has no jitter to spread
     */
    public Latency {
        Checks.notNegative("latency", "delay", delay);
        Checks.notNegative("latency", "jitter", jitter);
        requireNonNull(direction, "direction");
        requireNonNull(distribution, "distribution");
        if (jitter.compareTo(delay) > 0) {
            throw new IllegalArgumentException("latency: jitter " + Checks.text(jitter) + " is larger than delay "
                    + Checks.text(delay) + ", which would deliver before the message was sent; allowed is 0ms.."
                    + Checks.text(delay));
        }
        boolean pareto = distribution == Distribution.PARETO;
        Duration latest = delay.plus(jitter.multipliedBy(pareto ? MOST_OF_PARETO : 1));
        if (latest.compareTo(Durations.LONGEST) > 0) {
            throw new IllegalArgumentException("latency: delay " + Checks.text(delay) + " and "
                    + (pareto ? "nine times " : "") + "jitter " + Checks.text(jitter) + " together come to "
                    + Checks.text(latest) + "; allowed is up to " + Checks.text(Durations.LONGEST));
        }
        if (distribution != Distribution.UNIFORM && jitter.isZero()) {
            throw new IllegalArgumentException("latency: distribution " + distribution
                    + " has no jitter to spread, so that all delays were the same; give a jitter of more than 0ms, at most"
                    + " the delay");
        }
    }

    /**
     * A delay with uniform jitter.
     *
     * @param delay the mean delay
     * @param jitter the largest deviation from the mean
     * @param direction which way is slow
     */
    public Latency(Duration delay, Duration jitter, Direction direction) {
        this(delay, jitter, direction, Distribution.UNIFORM);
    }

    /**
     * A delay with jitter on replies.
     *
     * @param delay the mean delay
     * @param jitter the largest deviation from the mean
     */
    public Latency(Duration delay, Duration jitter) {
        this(delay, jitter, Direction.DOWNSTREAM);
    }

    /**
     * A constant delay on replies.
     *
     * @param delay the delay
     */
    public Latency(Duration delay) {
        this(delay, Duration.ZERO);
    }

    @Override
    public String kind() {
        return "latency";
    }

    @Override
    public Place place() {
        return Place.LINK;
    }

    @Override
    public Candidate candidate() {
        return Candidate.MESSAGE;
    }
}
