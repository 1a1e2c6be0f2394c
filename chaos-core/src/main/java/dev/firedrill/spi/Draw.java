package dev.firedrill.spi;

import dev.firedrill.Link;
import dev.firedrill.fault.Direction;
import dev.firedrill.fault.Latency;
import dev.firedrill.report.Choice;
import dev.firedrill.schedule.Chance;
import dev.firedrill.schedule.Durations;
import dev.firedrill.schedule.Schedule;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Decides which candidates of a step are hit, and records each choice with its site.
 *
 * <p>A choice is a pure function of seed and site, with one exception: if none of the first {@code 2 / probability}
 * candidates was drawn, the next one is hit, and recorded as {@code forced}; so is the next one that is lost if none of the
 * first {@code 2 / rate} was. What passes on behalf of a probe is drawn, too,
 * but counts neither towards that nor as the n-th: how often a probe looks is a matter of time. Safe for concurrent use.
 *
 * @since 0.1
 */
public final class Draw {

    /** Ends the name of a link where connections of a probe are meant. */
    public static final String OF_PROBE = " (probe)";

    private static final String FORCED = "forced";
    private static final double NORMAL_CUT = 3; // standard deviations
    private static final double PARETO_SHAPE = 3;
    private static final double PARETO_CUT = 9; // times the jitter above the mean

    private final String step;
    private final Schedule schedule;
    private final Chance chance;
    private final Consumer<Choice> log;
    private final Function<Choice, @Nullable String> earlier;
    private final long patience;
    private long candidates;
    private boolean drawn;
    private long sent;
    private boolean lost;

    /**
     * The draws of one step.
     *
     * @param step the step's id
     * @param schedule probability and n-th
     * @param chance the step's site
     * @param log where choices are recorded; must be safe for concurrent use
     */
    public Draw(String step, Schedule schedule, Chance chance, Consumer<Choice> log) {
        this(step, schedule, chance, log, site -> null);
    }

    /**
     * The draws of one step that repeats an earlier run.
     *
     * @param step the step's id
     * @param schedule probability and n-th
     * @param chance the step's site
     * @param log where choices are recorded; must be safe for concurrent use
     * @param earlier what was chosen at a site, which is a choice with an empty value; null for what is not known, which is
     *     then drawn
     */
    public Draw(
            String step,
            Schedule schedule,
            Chance chance,
            Consumer<Choice> log,
            Function<Choice, @Nullable String> earlier) {
        this.step = step;
        this.schedule = schedule;
        this.chance = chance;
        this.log = log;
        this.earlier = earlier;
        this.patience = (long) Math.ceil(2 / schedule.probability());
    }

    /**
     * Says whether every candidate is hit, so that there is nothing to draw.
     *
     * @return true without a probability and an n-th
     */
    public boolean always() {
        return schedule.probability() >= 1 && schedule.nth() == 0;
    }

    /**
     * The site of one direction of a connection, to be kept by the caller.
     *
     * @param link the link's name; ends with {@link #OF_PROBE} for a connection of a probe on another's link
     * @param connection the connection's number on the link
     * @param direction the direction; null for the connection as a whole
     * @return the site
     */
    public Site site(String link, int connection, @Nullable Direction direction) {
        String way = direction == null ? "" : direction.name().toLowerCase(Locale.ROOT);
        Chance at = chance.at(link).at(connection).at(way);
        return new Site(link, connection, way, at);
    }

    /**
     * Decides about one candidate.
     *
     * @param site where
     * @param unit the offset of the message's first byte, counted since the connection got its number, or the number of the
     *     occurrence, or of the message for a {@link dev.firedrill.fault.MessageFault}; 0 for a connection
     * @return true if it is hit
     */
    public boolean hits(Site site, long unit) {
        if (always()) {
            return true;
        }
        String value = decide(site, unit);
        log.accept(new Choice(step, site.link, site.connection, site.direction, unit, "hit", value));
        return !value.equals("false");
    }

    private synchronized String decide(Site site, long unit) {
        if (site.ofProbe) {
            return String.valueOf(schedule.nth() == 0 && site.hit.hits(unit, schedule.probability()));
        }
        candidates++;
        String known = earlier.apply(new Choice(step, site.link, site.connection, site.direction, unit, "hit", ""));
        if (known != null) {
            drawn |= !known.equals("false");
            return known;
        }
        if (schedule.nth() > 0) {
            return String.valueOf(candidates == schedule.nth());
        }
        if (site.hit.hits(unit, schedule.probability())) {
            drawn = true;
            return "true";
        }
        if (!drawn && candidates > patience) {
            drawn = true;
            return FORCED;
        }
        return "false";
    }

    /**
     * Draws a delay for a message that is hit, uniformly.
     *
     * @param site where
     * @param unit the offset of the message's first byte, as for {@link #hits}
     * @param mean the mean
     * @param jitter the largest deviation
     * @return nanoseconds
     */
    public long delayNanos(Site site, long unit, Duration mean, Duration jitter) {
        return delayNanos(site, unit, new Latency(mean, jitter));
    }

    /**
     * Draws a delay for a message that is hit.
     *
     * @param site where
     * @param unit as for {@link #hits}
     * @param latency mean, jitter and distribution
     * @return nanoseconds
     */
    public long delayNanos(Site site, long unit, Latency latency) {
        Duration jitter = latency.jitter();
        if (jitter.isZero()) {
            return latency.delay().toNanos();
        }
        long nanos = switch (latency.distribution()) {
            case UNIFORM -> site.delay.aroundNanos(unit, latency.delay(), jitter);
            case NORMAL -> around(latency, Math.max(-1, Math.min(1, site.delay.normal(unit) / NORMAL_CUT)));
            case PARETO -> around(latency, Math.min(PARETO_CUT, 2 * (site.delay.pareto(unit, PARETO_SHAPE) - 1) - 1));
        };
        log.accept(new Choice(
                step,
                site.link,
                site.connection,
                site.direction,
                unit,
                "delay",
                Durations.format(Duration.ofNanos(nanos))));
        return nanos;
    }

    private static long around(Latency latency, double jitters) {
        return latency.delay().toNanos() + (long) (jitters * latency.jitter().toNanos());
    }

    /**
     * What else is to be chosen about a message that is hit, such as which of its bytes changes.
     *
     * @param site where
     * @param unit as for {@link #hits}
     * @return the site of these choices
     */
    public Chance content(Site site, long unit) {
        return site.at.at("content").at(unit);
    }

    /**
     * Draws how much later than at its place a stream is cut.
     *
     * @param site where
     * @param unit the offset of that place, counted since the connection got its number
     * @param most the largest number of bytes
     * @return a number of bytes, uniform from 0 to {@code most}
     */
    public long shift(Site site, long unit, int most) {
        long bytes = (long) (site.shift.uniform(unit) * (most + 1L));
        log.accept(new Choice(step, site.link, site.connection, site.direction, unit, "shift", String.valueOf(bytes)));
        return bytes;
    }

    /**
     * Draws how often in a row a message that is hit is lost.
     *
     * @param site where
     * @param unit as for {@link #hits}
     * @param rate how likely it is lost each time that it is sent; above 0 and below 1
     * @param most the largest number
     * @return 0 if it gets through at once
     */
    public int losses(Site site, long unit, double rate, int most) {
        String value = lose(site, unit, rate, most);
        log.accept(new Choice(step, site.link, site.connection, site.direction, unit, "loss", value));
        return value.equals(FORCED) ? 1 : Integer.parseInt(value);
    }

    private synchronized String lose(Site site, long unit, double rate, int most) {
        int losses = 0;
        double number = site.loss.uniform(unit);
        for (double likely = rate; losses < most && number < likely; likely *= rate) {
            losses++;
        }
        if (site.ofProbe) {
            return String.valueOf(losses);
        }
        sent++;
        String known = earlier.apply(new Choice(step, site.link, site.connection, site.direction, unit, "loss", ""));
        if (known == null && losses == 0 && !lost && sent > Math.ceil(2 / rate)) {
            known = FORCED;
        }
        String value = known == null ? String.valueOf(losses) : known;
        lost |= !value.equals("0");
        return value;
    }

    /**
     * How many candidates there were, those of probes not counted.
     *
     * @return the count so far; 0 if there was nothing to draw
     */
    public synchronized long candidates() {
        return candidates;
    }

    /**
     * Where a choice is made; made by {@link Draw#site}.
     *
     * @since 0.1
     */
    public static final class Site {

        private final String link;
        private final int connection;
        private final String direction;
        private final boolean ofProbe;
        private final Chance at;
        private final Chance hit;
        private final Chance delay;
        private final Chance shift;
        private final Chance loss;

        private Site(String link, int connection, String direction, Chance at) {
            this.link = link;
            this.ofProbe = link.startsWith(Link.PROBE + "->") || link.endsWith(OF_PROBE);
            this.connection = connection;
            this.direction = direction;
            this.at = at;
            this.hit = at.at("hit");
            this.delay = at.at("delay");
            this.shift = at.at("shift");
            this.loss = at.at("loss");
        }
    }
}
