package dev.firedrill.internal.server;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;

/**
 * An answer.
 *
 * @param status of HTTP
 * @param type of the body
 * @param body may be empty
 */
record Reply(int status, String type, byte[] body) {

    private static final String JSON = "application/json";

    static Reply json(int status, String json) {
        return new Reply(status, JSON, json.getBytes(StandardCharsets.UTF_8));
    }

    static Reply text(int status, String text) {
        return new Reply(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    static Reply empty(int status) {
        return new Reply(status, "", new byte[0]);
    }

    /** JSON under the name of text, as Toxiproxy sends it. */
    static Reply error(ApiException e) {
        return text(e.status(), errorJson(e) + "\n");
    }

    static ObjectNode errorJson(ApiException e) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("error", e.getMessage())
                .put("status", e.status());
    }
}
