package dev.firedrill.internal.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * What each request does. Not safe for concurrent use: one request is served at a time.
 *
 * <pre>
 *   /proxies                          GET, POST
 *   /proxies/{proxy}                  GET, POST or PATCH, DELETE
 *   /proxies/{proxy}/toxics           GET, POST
 *   /proxies/{proxy}/toxics/{toxic}   GET, POST or PATCH, DELETE
 *   /populate, /reset                 POST
 *   /version                          GET
 * </pre>
 */
final class Routes {

    /** What clients look at to choose their verbs; the release whose semantics these are. */
    static final String VERSION = "2.12.0";

    private static final Reply UNKNOWN = Reply.text(404, "404 page not found\n");
    private static final Reply WRONG_METHOD = Reply.empty(405);

    private final Proxies proxies;

    Routes(Proxies proxies) {
        this.proxies = proxies;
    }

    Reply serve(String method, String path, byte[] body) {
        try {
            List<String> parts = parts(path);
            return switch (parts.get(0)) {
                case "proxies" ->
                    switch (parts.size()) {
                        case 1 -> all(method, body);
                        case 2 -> proxy(method, parts.get(1), body);
                        case 3 -> parts.get(2).equals("toxics") ? toxics(method, parts.get(1), body) : UNKNOWN;
                        case 4 ->
                            parts.get(2).equals("toxics") ? toxic(method, parts.get(1), parts.get(3), body) : UNKNOWN;
                        default -> UNKNOWN;
                    };
                case "populate" -> only(parts, method, "POST", () -> populate(body));
                case "reset" -> only(parts, method, "POST", () -> reset());
                case "version" -> only(parts, method, "GET", () -> version());
                default -> UNKNOWN;
            };
        } catch (ApiException e) {
            return Reply.error(e);
        }
    }

    private static Reply only(List<String> parts, String method, String allowed, Supplier<Reply> reply) {
        if (parts.size() > 1) {
            return UNKNOWN;
        }
        return method.equals(allowed) ? reply.get() : WRONG_METHOD;
    }

    /** Decoded; a path that does not begin or does end with a slash has a part that nobody knows. */
    private static List<String> parts(String path) {
        if (!path.startsWith("/") || path.endsWith("/")) {
            return List.of("");
        }
        List<String> parts = new ArrayList<>();
        for (String part : path.substring(1).split("/", -1)) {
            try {
                parts.add(URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8));
            } catch (IllegalArgumentException e) {
                return List.of("");
            }
        }
        return parts.contains("") ? List.of("") : parts;
    }

    private Reply all(String method, byte[] body) {
        return switch (method) {
            case "GET" -> Reply.json(200, proxies.json().toString());
            case "POST" -> Reply.json(201, proxies.create(Input.of(body)).json().toString());
            default -> WRONG_METHOD;
        };
    }

    private Reply proxy(String method, String name, byte[] body) {
        return switch (method) {
            case "GET" -> Reply.json(200, proxies.get(name).json().toString());
            case "POST", "PATCH" -> {
                ProxyState proxy = proxies.get(name);
                proxy.change(Input.of(body));
                yield Reply.json(200, proxy.json().toString());
            }
            case "DELETE" -> {
                proxies.delete(name);
                yield Reply.empty(204);
            }
            default -> WRONG_METHOD;
        };
    }

    private Reply toxics(String method, String name, byte[] body) {
        return switch (method) {
            case "GET" -> Reply.json(200, proxies.get(name).toxicsJson().toString());
            case "POST" ->
                Reply.json(200, proxies.get(name).add(Input.of(body)).json().toString());
            default -> WRONG_METHOD;
        };
    }

    private Reply toxic(String method, String name, String toxic, byte[] body) {
        return switch (method) {
            case "GET" -> Reply.json(200, proxies.get(name).get(toxic).json().toString());
            case "POST", "PATCH" -> {
                ProxyState proxy = proxies.get(name);
                proxy.get(toxic); // what is not there is told before what is wrong with the body
                yield Reply.json(200, proxy.change(toxic, Input.of(body)).json().toString());
            }
            case "DELETE" -> {
                proxies.get(name).remove(toxic);
                yield Reply.empty(204);
            }
            default -> WRONG_METHOD;
        };
    }

    private Reply populate(byte[] body) {
        Proxies.Populated populated = populated(body);
        ApiException failed = populated.failed();
        ObjectNode json = failed == null ? Input.object() : Reply.errorJson(failed);
        json.set("proxies", Proxies.json(populated.proxies()));
        return Reply.json(failed == null ? 201 : failed.status(), json.toString());
    }

    Proxies.Populated populated(byte[] body) {
        JsonNode list;
        try {
            list = Input.value(body);
        } catch (ApiException e) {
            return Proxies.Populated.unread(e);
        }
        return proxies.populate(list);
    }

    private Reply reset() {
        proxies.reset();
        return Reply.empty(204);
    }

    private static Reply version() {
        return new Reply(200, "application/json;charset=utf-8", "{\"version\": \"" + VERSION + "\"}\n");
    }
}
