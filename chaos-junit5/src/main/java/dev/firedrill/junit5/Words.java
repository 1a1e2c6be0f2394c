package dev.firedrill.junit5;

import dev.firedrill.schedule.DurationRange;
import dev.firedrill.schedule.Durations;
import dev.firedrill.schedule.Schedule;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.function.Function;
import org.junit.platform.commons.support.ReflectionSupport;

/** The attributes of a fault annotation; whatever is wrong with a value is said with the attribute's name. */
record Words(Annotation annotation) {

    <T> T value(String attribute, Class<T> type) {
        return ReflectionSupport.findMethod(annotation.annotationType(), attribute)
                .map(method -> type.cast(ReflectionSupport.invokeMethod(method, annotation)))
                .orElseThrow(() -> new IllegalStateException(
                        annotation.annotationType().getSimpleName() + " has no attribute " + attribute));
    }

    String text(String attribute) {
        return value(attribute, String.class).strip();
    }

    boolean isGiven(String attribute) {
        return !text(attribute).isEmpty();
    }

    private boolean isDefault(String attribute) {
        return ReflectionSupport.findMethod(annotation.annotationType(), attribute)
                .map(Method::getDefaultValue)
                .filter(value(attribute, String.class)::equals)
                .isPresent();
    }

    Duration duration(String attribute) {
        return read(attribute, Durations::parse);
    }

    DurationRange range(String attribute) {
        return read(attribute, DurationRange::parse);
    }

    <T> T read(String attribute, Function<String, T> parser) {
        try {
            return parser.apply(text(attribute));
        } catch (IllegalArgumentException e) {
            String message = String.valueOf(e.getMessage());
            throw new IllegalArgumentException(
                    message.startsWith(attribute + " ") ? message : attribute + " " + message, e);
        }
    }

    /** The words that every fault annotation has. */
    Schedule schedule() {
        Schedule schedule = Schedule.now();
        if (isGiven("after")) {
            schedule = schedule.after(range("after"));
        }
        if (isGiven("lasting")) {
            schedule = schedule.lasting(range("lasting"));
        }
        int times = value("times", Integer.class);
        if (isGiven("every")) {
            schedule = schedule.every(duration("every"), times);
        } else if (times != 1) {
            throw new IllegalArgumentException(
                    "times " + times + " needs every: say how far apart the occurrences begin, such as every = \"1s\"");
        }
        double probability = value("probability", Double.class);
        if (probability != 1) {
            schedule = schedule.probability(probability);
        }
        int nth = value("nth", Integer.class);
        if (nth != 0) {
            schedule = schedule.nth(nth);
        }
        String on = value("on", String.class);
        if (!on.isEmpty()) {
            schedule = schedule.on(on.isBlank() ? on : on.strip());
        } else if (!isDefault("within")) {
            throw new IllegalArgumentException("within \"" + text("within")
                    + "\" needs on: say which trigger is waited for, such as on = \"written\", or remove it");
        }
        return schedule.within(duration("within"));
    }
}
