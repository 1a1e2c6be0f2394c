package dev.firedrill.junit5;

import dev.firedrill.Target;
import dev.firedrill.fault.DataRate;
import dev.firedrill.fault.Direction;
import dev.firedrill.fault.Fault;
import dev.firedrill.fault.Latency.Distribution;
import dev.firedrill.fault.Messages;
import dev.firedrill.schedule.DurationRange;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.platform.commons.support.ReflectionSupport;

/** Turns fault annotations into faults. */
final class Faults {

    private static final Map<Class<? extends Annotation>, Function<Words, Fault>> KINDS = Map.ofEntries(
            Map.entry(Latency.class, Faults::latency),
            Map.entry(
                    Bandwidth.class,
                    words -> new dev.firedrill.fault.Bandwidth(words.read("rate", DataRate::parse), direction(words))),
            Map.entry(
                    PacketLoss.class,
                    words -> new dev.firedrill.fault.PacketLoss(
                            words.value("rate", Double.class), words.duration("retransmit"), direction(words))),
            Map.entry(
                    ResetPeer.class,
                    words -> new dev.firedrill.fault.ResetPeer(durationOrZero(words, "delay"), direction(words))),
            Map.entry(
                    Blackhole.class,
                    words -> new dev.firedrill.fault.Blackhole(direction(words), durationOrZero(words, "timeout"))),
            Map.entry(Refuse.class, words -> new dev.firedrill.fault.Refuse()),
            Map.entry(
                    Slice.class,
                    words -> new dev.firedrill.fault.Slice(
                            words.value("size", Integer.class),
                            words.value("variation", Integer.class),
                            durationOrZero(words, "delay"),
                            direction(words))),
            Map.entry(
                    LimitData.class,
                    words -> new dev.firedrill.fault.LimitData(words.value("bytes", Long.class), direction(words))),
            Map.entry(
                    SlowClose.class,
                    words -> new dev.firedrill.fault.SlowClose(words.duration("delay"), direction(words))),
            Map.entry(Disconnect.class, words -> new dev.firedrill.fault.Disconnect(words.duration("age"))),
            Map.entry(HalfOpen.class, words -> new dev.firedrill.fault.HalfOpen()),
            Map.entry(SlowConnect.class, words -> new dev.firedrill.fault.SlowConnect(words.duration("delay"))),
            Map.entry(
                    Corrupt.class,
                    words -> new dev.firedrill.fault.Corrupt(
                            words.value("how", dev.firedrill.fault.Corrupt.How.class),
                            messages(words),
                            direction(words))),
            Map.entry(
                    DropMessage.class, words -> new dev.firedrill.fault.DropMessage(messages(words), direction(words))),
            Map.entry(Duplicate.class, words -> new dev.firedrill.fault.Duplicate(messages(words), direction(words))),
            Map.entry(
                    DelayMessage.class,
                    words -> new dev.firedrill.fault.DelayMessage(
                            words.duration("delay"), messages(words), direction(words))),
            Map.entry(
                    Reorder.class,
                    words -> new dev.firedrill.fault.Reorder(
                            words.duration("patience"), messages(words), direction(words))),
            Map.entry(KillBeforeReply.class, words -> new dev.firedrill.fault.KillBeforeReply(messages(words))),
            Map.entry(
                    Kill.class,
                    words -> new dev.firedrill.fault.Kill(words.value("looks", dev.firedrill.fault.Kill.Looks.class))),
            Map.entry(Stop.class, words -> new dev.firedrill.fault.Stop()),
            Map.entry(Pause.class, words -> new dev.firedrill.fault.Pause()),
            Map.entry(Restart.class, words -> new dev.firedrill.fault.Restart()));

    private Faults() {}

    private static Fault latency(Words words) {
        Distribution distribution = words.value("distribution", Distribution.class);
        if (!words.text("delay").contains("..")) {
            return new dev.firedrill.fault.Latency(
                    words.duration("delay"), durationOrZero(words, "jitter"), direction(words), distribution);
        }
        if (distribution == Distribution.PARETO) {
            throw new IllegalArgumentException("delay \"" + words.text("delay")
                    + "\" and distribution PARETO exclude each other: it has delays far behind the range; give the mean as"
                    + " delay and say with jitter how far below it they begin");
        }
        if (words.isGiven("jitter")) {
            throw new IllegalArgumentException("delay \"" + words.text("delay") + "\" and jitter \""
                    + words.text("jitter") + "\" exclude each other: a range says how far delays deviate; keep one of"
                    + " them");
        }
        DurationRange range = words.range("delay");
        Duration jitter = range.max().minus(range.min()).dividedBy(2);
        return new dev.firedrill.fault.Latency(range.min().plus(jitter), jitter, direction(words), distribution);
    }

    private static Messages messages(Words words) {
        return new Messages(words.text("framing"), words.text("command"), words.value("pattern", String.class));
    }

    private static Duration durationOrZero(Words words, String attribute) {
        return words.isGiven(attribute) ? words.duration(attribute) : Duration.ZERO;
    }

    private static Direction direction(Words words) {
        return words.value("direction", Direction.class);
    }

    /** Says whether an element declares a fault, without reading it. */
    static boolean areOn(AnnotatedElement element) {
        return !annotations(element).isEmpty();
    }

    /** The faults that are declared on an element itself, in the order of the source. */
    static List<FaultDeclaration> on(AnnotatedElement element, String place) {
        List<FaultDeclaration> faults = new ArrayList<>();
        for (Annotation annotation : annotations(element)) {
            String source = "@" + annotation.annotationType().getSimpleName() + " on " + place;
            try {
                faults.add(read(annotation, source));
            } catch (IllegalArgumentException e) {
                throw new ExtensionConfigurationException(source + ": " + e.getMessage(), e);
            }
        }
        return faults;
    }

    private static FaultDeclaration read(Annotation annotation, String source) {
        Words words = new Words(annotation);
        Function<Words, Fault> kind = KINDS.get(annotation.annotationType());
        if (kind == null) {
            throw new IllegalStateException(annotation + " is no fault");
        }
        return new FaultDeclaration(source, kind.apply(words), words.read("target", Target::parse), words.schedule());
    }

    /** Only the targets, for those who must not fail. */
    static List<Target> targets(AnnotatedElement element) {
        return annotations(element).stream()
                .map(annotation -> new Words(annotation).text("target"))
                .flatMap(text -> readable(text).stream())
                .toList();
    }

    /** A target that can't be read is left out; it is said with its place when the class starts. */
    private static Optional<Target> readable(String text) {
        try {
            return Optional.of(Target.parse(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static List<Annotation> annotations(AnnotatedElement element) {
        List<Annotation> found = new ArrayList<>();
        for (Annotation annotation : element.getDeclaredAnnotations()) {
            collect(annotation, new HashSet<>(), found);
        }
        return found;
    }

    private static void collect(Annotation annotation, Set<Class<?>> path, List<Annotation> found) {
        Class<? extends Annotation> type = annotation.annotationType();
        if (KINDS.containsKey(type)) {
            found.add(annotation);
        } else if (isListOfFaults(type)) {
            found.addAll(List.of(new Words(annotation).value("value", Annotation[].class)));
        } else if (!type.getName().startsWith("java.") && path.add(type)) {
            for (Annotation meta : type.getDeclaredAnnotations()) {
                collect(meta, path, found);
            }
            path.remove(type);
        }
    }

    private static boolean isListOfFaults(Class<? extends Annotation> type) {
        Class<?> outer = type.getEnclosingClass();
        return outer != null
                && KINDS.keySet().stream().anyMatch(kind -> kind.equals(outer))
                && ReflectionSupport.findMethod(type, "value").isPresent();
    }
}
