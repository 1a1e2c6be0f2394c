package dev.firedrill.internal.journal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.firedrill.spi.UndoRecord;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** The lines of a journal. Those without a record need no JSON library, which takes a while to load. */
final class Entries {

    private Entries() {}

    static String header(long pid, Instant started) {
        return "{\"pid\":" + pid + ",\"started\":\"" + started + "\"}";
    }

    static String done(long id) {
        return "{\"done\":" + id + "}";
    }

    static String record(long id, UndoRecord record) {
        ObjectNode line = Json.MAPPER
                .createObjectNode()
                .put("id", id)
                .put("engine", record.engine())
                .put("action", record.action())
                .put("what", record.what());
        ObjectNode data = line.putObject("data");
        record.data().forEach(data::put);
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
            JsonNode node = Json.MAPPER.readTree(line);
            return node == null ? Json.MAPPER.missingNode() : node;
        } catch (JsonProcessingException e) {
            return Json.MAPPER.missingNode();
        }
    }

    /** Loaded when it is first needed. */
    private static final class Json {
        static final ObjectMapper MAPPER = new ObjectMapper();
    }
}
