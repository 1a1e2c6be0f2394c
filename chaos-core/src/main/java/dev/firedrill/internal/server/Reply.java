package dev.firedrill.internal.server;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * An answer.
 *
 * @param status of HTTP
 * @param type of the body
 * @param body may be empty
 */
record Reply(int status, String type, String body) {

    private static final String JSON = "application/json";

    static Reply json(int status, String json) {
        return new Reply(status, JSON, json);
    }

    static Reply text(int status, String text) {
        return new Reply(status, "text/plain; charset=utf-8", text);
    }

    static Reply empty(int status) {
        return new Reply(status, "", "");
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
