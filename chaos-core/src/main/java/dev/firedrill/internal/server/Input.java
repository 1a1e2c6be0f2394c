package dev.firedrill.internal.server;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One JSON object of a request, read as Go does: keys in any case, null is absent, what is not known is ignored. */
final class Input {

    /** Far more than any proxy needs. */
    private static final int MAX_DEPTH = 32;

    private static final int MAX_TEXT = 8_192;

    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxStringLength(MAX_TEXT)
                    .maxNumberLength(64)
                    .build())
            .build());

    private final JsonNode object;

    private Input(JsonNode object) {
        this.object = object;
    }

    static ObjectNode object() {
        return JSON.createObjectNode();
    }

    /** The first value of a body; what follows is ignored. */
    static JsonNode value(byte[] body) {
        try (JsonParser parser = JSON.createParser(body)) {
            JsonNode value = JSON.readTree(parser);
            if (value == null) {
                throw ApiException.badBody("EOF");
            }
            return value;
        } catch (JsonProcessingException e) {
            throw ApiException.badBody(e.getOriginalMessage() + where(e.getLocation()));
        } catch (IOException e) {
            throw ApiException.badBody(String.valueOf(e.getMessage()));
        }
    }

    private static String where(@Nullable JsonLocation at) {
        return at == null ? "" : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
    }

    static Input of(JsonNode value) {
        if (!value.isObject() && !value.isNull()) {
            throw ApiException.badBody(
                    "cannot read " + value.getNodeType().name().toLowerCase(Locale.ROOT) + " as an object");
        }
        return new Input(value);
    }

    static Input of(byte[] body) {
        return of(value(body));
    }

    /** The last field of that name, in whatever case. */
    private JsonNode get(String name) {
        JsonNode found = MissingNode.getInstance();
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            if (field.getKey().equalsIgnoreCase(name) && !field.getValue().isNull()) {
                found = field.getValue();
            }
        }
        return found;
    }

    Input object(String name) {
        JsonNode value = get(name);
        if (!value.isMissingNode() && !value.isObject()) {
            throw wrong(name, value, "an object");
        }
        return new Input(value);
    }

    String text(String name, String otherwise) {
        JsonNode value = get(name);
        if (value.isMissingNode()) {
            return otherwise;
        }
        if (!value.isTextual()) {
            throw wrong(name, value, "a string");
        }
        return value.textValue();
    }

    boolean flag(String name, boolean otherwise) {
        JsonNode value = get(name);
        if (value.isMissingNode()) {
            return otherwise;
        }
        if (!value.isBoolean()) {
            throw wrong(name, value, "true or false");
        }
        return value.booleanValue();
    }

    long integer(String name, long otherwise) {
        JsonNode value = get(name);
        if (value.isMissingNode()) {
            return otherwise;
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw wrong(name, value, "an integer of 64 bits");
        }
        return value.longValue();
    }

    double number(String name, double otherwise) {
        JsonNode value = get(name);
        if (value.isMissingNode()) {
            return otherwise;
        }
        if (!value.isNumber()) {
            throw wrong(name, value, "a number");
        }
        return value.doubleValue();
    }

    private static ApiException wrong(String name, JsonNode value, String expected) {
        String shown = value.toString();
        return ApiException.badBody("field " + name + " has to be " + expected + ", and not "
                + shown.substring(0, Math.min(100, shown.length())));
    }
}
