package dev.firedrill.internal.journal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.firedrill.spi.UndoRecord;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** The lines of a journal. */
final class Entries {

    private Entries() {}

    static String header(long pid, Instant started) {
        return "{\"pid\":" + pid + ",\"started\":\"" + started + "\"}";
    }

    static String done(long id) {
        return "{\"done\":" + id + "}";
    }

    static String record(long id, UndoRecord record) {
        StringWriter line = new StringWriter();
        try (JsonGenerator json = Writing.FACTORY.createGenerator(line)) {
            json.writeStartObject();
            json.writeNumberField("id", id);
            json.writeStringField("engine", record.engine());
            json.writeStringField("action", record.action());
            json.writeStringField("what", record.what());
            json.writeObjectFieldStart("data");
            for (Map.Entry<String, String> each : record.data().entrySet()) {
                json.writeStringField(each.getKey(), each.getValue());
            }
            json.writeEndObject();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // a string takes everything
        }
        return line.toString();
    }

    /** Adds a record, or takes one away that is done; returns the owner of the journal as it is known by now. */
    static String read(String line, String owner, Map<Long, UndoRecord> left) {
        JsonNode node = parse(line);
        if (node.has("pid")) {
            return "process " + node.path("pid").asText() + " that started "
                    + node.path("started").asText();
        }
        if (node.has("done")) {
            left.remove(node.path("done").asLong());
        } else if (node.has("id")) {
            Map<String, String> data = new LinkedHashMap<>();
            node.path("data")
                    .properties()
                    .forEach(each -> data.put(each.getKey(), each.getValue().asText()));
            left.put(
                    node.path("id").asLong(),
                    new UndoRecord(
                            node.path("engine").asText(),
                            node.path("action").asText(),
                            node.path("what").asText(),
                            data));
        }
        return owner;
    }

    /** The last line may be torn: the JVM died while writing it, before it did what the line would undo. */
    private static JsonNode parse(String line) {
        try {
            JsonNode node = Reading.MAPPER.readTree(line);
            return node == null ? Reading.MAPPER.missingNode() : node;
        } catch (JsonProcessingException e) {
            return Reading.MAPPER.missingNode();
        }
    }

    /** Loaded with the first record. */
    private static final class Writing {
        static final JsonFactory FACTORY = new JsonFactory();
    }

    /** Loaded when something is left to undo: it takes four times as long as what writes. */
    private static final class Reading {
        static final ObjectMapper MAPPER = new ObjectMapper();
    }
}
