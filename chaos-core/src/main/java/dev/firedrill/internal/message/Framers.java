package dev.firedrill.internal.message;

import dev.firedrill.spi.Framer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/** The framers that are known: our own and those on the class path. */
public final class Framers {

    private static final List<Framer> OWN =
            List.of(new AmqpFramer(), new HttpFramer(), new PostgresqlFramer(), new RespFramer(), new LineFramer());

    private Framers() {}

    /**
     * The framer of a name.
     *
     * @param name as a user writes it
     * @return the framer
     * @throws IllegalArgumentException if there is none; the message says which there are
     */
    public static Framer named(String name) {
        if (LengthFramer.isMeant(name)) {
            return LengthFramer.parse(name);
        }
        List<Framer> all = all();
        for (Framer each : all) {
            if (each.name().equals(name)) {
                return each;
            }
        }
        throw new IllegalArgumentException("framing \"" + name + "\" is unknown; allowed are "
                + String.join(", ", all.stream().map(Framer::name).sorted().toList()) + " and " + LengthFramer.FORM
                + ", or nothing, so that it is found from the first bytes");
    }

    private static List<Framer> all() {
        List<Framer> all = new ArrayList<>();
        ServiceLoader.load(Framer.class, Framers.class.getClassLoader()).forEach(all::add);
        all.addAll(OWN);
        return all;
    }

    /** Finds a protocol from what callers say first. Safe for concurrent use. */
    public static final class Search {

        private final List<Framer> all = all();

        /**
         * Looks at the first bytes.
         *
         * @param first what the caller said first
         * @return the framer; null if none speaks that, or not enough has been said
         */
        public @Nullable Framer find(ByteBuffer first) {
            return all.stream()
                    .filter(each -> each.match(first.duplicate()) == Framer.Match.YES)
                    .findFirst()
                    .orElse(null);
        }

        /**
         * Says whether it is worth waiting for more.
         *
         * @param first what the caller said first
         * @return true if a framer may still recognise it
         */
        public boolean mayBeFound(ByteBuffer first) {
            return all.stream().anyMatch(each -> each.match(first.duplicate()) == Framer.Match.MORE);
        }
    }
}
