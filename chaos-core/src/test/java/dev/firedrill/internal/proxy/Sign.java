package dev.firedrill.internal.proxy;

import dev.firedrill.internal.proxy.Peer.Ending;
import java.time.Duration;
import java.util.Optional;

/** By what a fault is known that neither loses, changes nor ends anything. Times have lower bounds only. */
enum Sign {
    NONE(Sign.GOES_ON, Holds.NOTHING),
    SILENT(Sign.SILENCE, Holds.ANSWER),
    SILENT_OR_ENDS(Sign.SILENCE, Holds.NOTHING),
    LATE("late", Holds.ANSWER),
    LATE_TWICE("late by both", Holds.ANSWER),
    PACED("paced", Holds.ANSWER),
    IN_PIECES("in pieces", Holds.ANSWER),
    LATE_END("late end", Holds.END),
    LATE_MESSAGE("a message late", Holds.ANSWER),
    OVERTAKEN("a message overtaken", Holds.ANSWER),
    CLOSES_LATE(Sign.SILENCE + ", then FIN", Holds.ANSWER);

    static final String GOES_ON = "goes on";
    static final String SILENCE = "nothing comes";

    /** What all faults that delay something delay it by at least. */
    static final Duration DELAY = Duration.ofMillis(300);

    private static final Duration LATER = DELAY.minusMillis(5);
    private static final Duration SLOW = Duration.ofMillis(200);
    private static final Duration A_WHILE = Duration.ofMillis(700);
    private static final Duration A_LONG_WHILE = Duration.ofMillis(2_500);

    final String word;
    final Holds holds;

    Sign(String word, Holds holds) {
        this.word = word;
        this.holds = holds;
    }

    /** What a fault holds while it lasts long. */
    enum Holds {
        NOTHING,
        ANSWER,
        END
    }

    /** How long is waited for what comes next; a silence that is expected need not be that long. */
    Duration patience() {
        return switch (this) {
            case SILENT -> A_WHILE;
            case SILENT_OR_ENDS -> A_LONG_WHILE;
            default -> Peer.PATIENCE;
        };
    }

    boolean closesLate(Heard heard) {
        return this == CLOSES_LATE && heard.end().equals(Optional.of(Ending.FIN)) && heard.isLater(LATER);
    }

    /** The word for what has come whole. */
    String of(Duration time, int pieces, Duration end) {
        boolean shows = switch (this) {
            case LATE, LATE_MESSAGE -> time.compareTo(LATER) >= 0;
            case LATE_TWICE -> time.compareTo(LATER.multipliedBy(2)) >= 0;
            case PACED -> time.compareTo(SLOW) >= 0;
            case IN_PIECES -> pieces > 1 && time.compareTo(SLOW) >= 0;
            case LATE_END -> end.compareTo(LATER) >= 0;
            default -> false;
        };
        return shows ? word : GOES_ON;
    }
}
