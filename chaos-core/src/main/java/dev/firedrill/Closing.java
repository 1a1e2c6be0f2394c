package dev.firedrill;

import org.jspecify.annotations.Nullable;

/** Goes on with a clean-up after a part of it failed, and throws in the end. Not safe for concurrent use. */
final class Closing {

    private @Nullable RuntimeException trouble;

    void attempt(Runnable part) {
        try {
            part.run();
        } catch (RuntimeException e) {
            if (trouble == null) {
                trouble = new ChaosException("not everything could be cleaned up: " + e.getMessage(), e);
            } else {
                trouble.addSuppressed(e);
            }
        }
    }

    void throwIfAny() {
        if (trouble != null) {
            throw trouble;
        }
    }
}
