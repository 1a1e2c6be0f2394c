package dev.firedrill.spi;

/**
 * Whether an engine can make a fault on a target.
 *
 * @param yes whether it can
 * @param reason why not, and what would do it; empty if it can
 * @since 0.1
 */
public record Support(boolean yes, String reason) {

    /** It can. */
    public static final Support YES = new Support(true, "");

    /**
     * It can't.
     *
     * @param reason why not, and what would do it
     * @return a refusal
     */
    public static Support no(String reason) {
        return new Support(false, reason);
    }
}
