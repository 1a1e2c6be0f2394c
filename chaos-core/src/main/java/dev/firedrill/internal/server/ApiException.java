package dev.firedrill.internal.server;

import java.io.Serial;

/** A request that can't be served, as its sender is told. */
final class ApiException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1;

    /** The status when an address can't be had. */
    static final int FAILED = 500;

    private static final String BAD_BODY = "bad request body: ";

    private final int status;

    private ApiException(int status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    int status() {
        return status;
    }

    static ApiException badBody(String why) {
        return new ApiException(400, BAD_BODY + why);
    }

    /** For whoever has sent no request. */
    String words() {
        String message = String.valueOf(getMessage());
        String words = message.startsWith(BAD_BODY) ? message.substring(BAD_BODY.length()) : message;
        return words.equals("EOF") ? "it is empty" : words.replaceFirst(" at proxy [0-9]+$", "");
    }

    static ApiException missing(String field) {
        return new ApiException(400, "missing required field: " + field);
    }

    static ApiException invalidStream() {
        return new ApiException(400, "stream was invalid, can be either upstream or downstream");
    }

    static ApiException invalidType() {
        return new ApiException(400, "invalid toxic type");
    }

    static ApiException noProxy() {
        return new ApiException(404, "proxy not found");
    }

    static ApiException noToxic() {
        return new ApiException(404, "toxic not found");
    }

    static ApiException proxyExists() {
        return new ApiException(409, "proxy already exists");
    }

    static ApiException toxicExists() {
        return new ApiException(409, "toxic already exists");
    }

    static ApiException tooMany(String what, int limit) {
        return new ApiException(
                400, "too many " + what + ": this server keeps " + limit + " at most; delete some first");
    }

    static ApiException failed(String why) {
        return new ApiException(FAILED, why);
    }
}
