package dev.firedrill.schedule;

import java.time.Duration;

/**
 * A choice as a pure function of the seed and its site.
 *
 * <p>There is no shared stream of random numbers: a site is named step by step with {@link #at}, and the same seed and the
 * same names always give the same choice, whatever else was chosen before, on whichever thread. Immutable, hence safe for
 * concurrent use. The mixing function is SplitMix64's finalizer (Steele, Lea, Flood: Fast Splittable Pseudorandom Number
 * Generators, 2014).
 *
 * @since 0.1
 */
public final class Chance {

    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private final long state;

    private Chance(long state) {
        this.state = state;
    }

    /**
     * The root of all sites of one seed.
     *
     * @param seed any number
     * @return the root
     */
    public static Chance ofSeed(long seed) {
        return new Chance(mix(seed + GOLDEN));
    }

    /**
     * A site below this one.
     *
     * @param name what distinguishes it, such as a step's id
     * @return the site
     */
    public Chance at(String name) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < name.length(); i++) {
            hash = (hash ^ name.charAt(i)) * 0x100000001b3L;
        }
        return at(hash ^ name.length());
    }

    /**
     * A site below this one.
     *
     * @param index what distinguishes it, such as a byte offset
     * @return the site
     */
    public Chance at(long index) {
        return new Chance(child(index));
    }

    /**
     * The number of this site.
     *
     * @return uniform in [0, 1)
     */
    public double uniform() {
        return toUniform(state);
    }

    /**
     * The number of the site {@code at(index)}, without allocating it.
     *
     * @param index what distinguishes the site
     * @return uniform in [0, 1)
     */
    public double uniform(long index) {
        return toUniform(child(index));
    }

    /**
     * Whether the site {@code at(index)} is drawn.
     *
     * @param index what distinguishes the site
     * @param probability 0 for never, 1 for always
     * @return true if drawn
     */
    public boolean hits(long index, double probability) {
        return probability >= 1 || uniform(index) < probability;
    }

    /**
     * Whether this site is drawn.
     *
     * @param probability 0 for never, 1 for always
     * @return true if drawn
     */
    public boolean hits(double probability) {
        return probability >= 1 || uniform() < probability;
    }

    /**
     * One of several.
     *
     * @param bound how many there are; at least 1
     * @return an index from 0 to {@code bound - 1}
     */
    public int below(int bound) {
        return (int) (uniform() * bound);
    }

    /**
     * A value around a mean, of the site {@code at(index)}, without allocating it.
     *
     * @param index what distinguishes the site
     * @param mean the mean
     * @param deviation the largest distance from the mean
     * @return nanoseconds, uniform between {@code mean - deviation} and {@code mean + deviation}
     */
    public long aroundNanos(long index, Duration mean, Duration deviation) {
        long spread = deviation.toNanos();
        return mean.toNanos() + (spread == 0 ? 0 : (long) ((uniform(index) * 2 - 1) * spread));
    }

    /**
     * A number of the site {@code at(index)} from the standard normal distribution.
     *
     * @param index what distinguishes the site
     * @return mean 0, standard deviation 1; within -9 and 9
     */
    public double normal(long index) {
        // by Box and Muller; strict, for the same seed gives the same number on every machine
        double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - uniform(index)));
        return radius * StrictMath.cos(2 * Math.PI * at(index).uniform(1));
    }

    /**
     * A number of the site {@code at(index)} from a Pareto distribution.
     *
     * @param index what distinguishes the site
     * @param shape the larger, the rarer are large numbers
     * @return at least 1
     */
    public double pareto(long index, double shape) {
        return StrictMath.pow(1 - uniform(index), -1 / shape);
    }

    private long child(long index) {
        return mix(state + mix(index + GOLDEN) + GOLDEN);
    }

    private static double toUniform(long bits) {
        return (mix(bits) >>> 11) * 0x1.0p-53;
    }

    private static long mix(long value) {
        long z = value;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
