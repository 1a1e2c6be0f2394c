package dev.firedrill;

import java.time.Duration;

/** What became of a question that a plain client asked. */
record Answer(How how, Duration took) {

    enum How {
        ANSWERED("answered"),
        SILENT("no answer"),
        RESET("reset"),
        CLOSED("closed"),
        REFUSED("refused at once"),
        LOST("not reached, its name leads nowhere");

        final String words;

        How(String words) {
            this.words = words;
        }
    }

    static Answer of(How how) {
        return new Answer(how, Duration.ZERO);
    }

    boolean isAnswered() {
        return how == How.ANSWERED;
    }

    boolean isSlowerThan(Duration limit) {
        return took.compareTo(limit) >= 0;
    }
}
