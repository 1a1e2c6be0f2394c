package dev.firedrill.probe;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * N good samples in a row.
 *
 * <p>Not safe for concurrent use.
 *
 * <pre>
 *            good                 good (n-th in a row)
 *   broken ---------> counting ------------------------> held
 *      ^                 |
 *      +----- bad -------+
 * </pre>
 *
 * @since 0.1
 */
public final class Hold {

    private final int length;
    private int run;
    private @Nullable Sample lastBad;
    private @Nullable Sample firstGood;
    private @Nullable Sample last;

    /**
     * A hold that has seen nothing.
     *
     * @param length how many samples in a row must be good; at least 1
     */
    public Hold(int length) {
        this.length = length;
    }

    /**
     * Takes the next sample.
     *
     * @param sample the sample
     * @return true if the hold is reached
     */
    public boolean add(Sample sample) {
        last = sample;
        if (sample.good()) {
            if (run++ == 0) {
                firstGood = sample;
            }
        } else if (!isHeld()) {
            run = 0;
            firstGood = null;
            lastBad = sample;
        }
        return isHeld();
    }

    /**
     * Says whether enough samples in a row were good.
     *
     * @return true once it is reached
     */
    public boolean isHeld() {
        return run >= length;
    }

    /**
     * The sample from which on all were good.
     *
     * @return the first sample of the current run
     */
    public Optional<Sample> firstGood() {
        return Optional.ofNullable(firstGood);
    }

    /**
     * The last bad sample before the current run.
     *
     * @return empty if there was none
     */
    public Optional<Sample> lastBad() {
        return Optional.ofNullable(lastBad);
    }

    /**
     * The last sample of all.
     *
     * @return empty if there was none
     */
    public Optional<Sample> last() {
        return Optional.ofNullable(last);
    }
}
