package dev.firedrill;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.firedrill.report.Choice;
import dev.firedrill.report.JsonReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The choices of an earlier run, from its report.
 *
 * @param seed that run's seed
 * @param id the id of that run's experiment
 * @param choices what was chosen in it
 */
record Replay(long seed, String id, Choices choices) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Choices by their sites; those of another experiment follow from the seed alone. */
    record Choices(Map<Choice, String> values) {

        static final Choices NONE = new Choices(Map.of());

        /** The value that was chosen at a site; null if it is not known. */
        @Nullable
        String at(Choice site) {
            return values.get(site);
        }
    }

    static Replay of(Path file) {
        JsonNode root = read(file);
        if (root.path("format").asInt() != JsonReport.FORMAT
                || !root.path("seed").isIntegralNumber()
                || !root.path("choices").isArray()) {
            throw new IllegalArgumentException("chaos.replay \"" + file + "\" is no report of format "
                    + JsonReport.FORMAT + "; give the report.json that an experiment wrote");
        }
        Map<Choice, String> values = new HashMap<>();
        for (JsonNode each : root.path("choices")) {
            Choice site = new Choice(
                    each.path("step").asText(),
                    each.path("link").asText(),
                    each.path("connection").asInt(),
                    each.path("direction").asText(),
                    each.path("unit").asLong(),
                    each.path("purpose").asText(),
                    "");
            values.put(site, each.path("value").asText());
        }
        return new Replay(root.path("seed").asLong(), root.path("id").asText(), new Choices(values));
    }

    private static JsonNode read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException("chaos.replay \"" + file
                    + "\" is no file; give the report.json that an experiment wrote under target/chaos-reports");
        }
        try {
            return JSON.readTree(file.toFile());
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "chaos.replay \"" + file + "\" can't be read as JSON: " + e.getMessage(), e);
        }
    }

    Choices choices(String experiment) {
        return id.equals(experiment) ? choices : Choices.NONE;
    }
}
