package dev.firedrill.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Every route with good and bad input, in one order: each line of {@code routes.txt} is a method, a path and a body, and behind
 * each request stands what the real Toxiproxy 2.12.0 answered.
 */
final class RoutesScript {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    private final URI server;
    private final int free;

    /** {@code free}: a port that nobody has where the server is. */
    RoutesScript(URI server, int free) {
        this.server = server;
        this.free = free;
    }

    static String recorded() throws IOException {
        try (var in = RoutesScript.class.getResourceAsStream("routes.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** The same text with the answers of this server. */
    String run() throws IOException, InterruptedException {
        List<String> lines = new ArrayList<>();
        for (String line : recorded().lines().toList()) {
            if (line.startsWith("  ")) {
                continue;
            }
            lines.add(line);
            if (!line.isEmpty() && !line.startsWith("#")) {
                lines.addAll(answer(line.split(" ", 3)));
            }
        }
        return String.join("\n", lines) + "\n";
    }

    private List<String> answer(String[] parts) throws IOException, InterruptedException {
        String body = parts.length < 3 ? "" : parts[2].replace("FREE", String.valueOf(free));
        HttpRequest request = HttpRequest.newBuilder(server.resolve(parts[1]))
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", "application/x-www-form-urlencoded") // as clients of old send it
                .method(parts[0], body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
        String type = response.headers().firstValue("Content-Type").orElse("-").replace(" ", "");
        List<String> lines = new ArrayList<>();
        lines.add("  " + response.statusCode() + " " + type);
        if (!response.body().isEmpty()) {
            lines.add("  " + shown(response.body()));
        }
        return lines;
    }

    private String shown(String body) throws IOException {
        if (!body.startsWith("{") && !body.startsWith("[")) {
            return body.strip();
        }
        JsonNode json = JSON.readTree(body);
        tidy(json);
        return json.toString()
                .replace(":" + free, ":FREE")
                .replaceAll("127\\.0\\.0\\.1:[0-9]{4,5}", "127.0.0.1:PORT")
                .replaceAll("\\[::]:[0-9]{4,5}", "[::]:PORT");
    }

    /** What is Go's own wording, or a slip of the reference, is nobody's contract. */
    private static void tidy(JsonNode json) {
        if (json instanceof ObjectNode object) {
            object.remove("Logger");
            String error = object.path("error").asText();
            if (error.startsWith("bad request body: ") && !error.endsWith(": EOF")) {
                object.put("error", "bad request body: ...");
            }
        }
        json.forEach(RoutesScript::tidy);
    }
}
