package dev.firedrill.benchmarks.network;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;

/** The reference server. */
final class ToxiproxyWay extends Way {

    private static final List<String> PROXIES = List.of("echo", "sink");

    private final ObjectMapper json = new ObjectMapper();
    private final List<String> toxics = new ArrayList<>();
    private final Child child;
    private final int apiPort;
    private final int echoPort;
    private final int sinkPort;

    ToxiproxyWay(Setting setting, String program, Servers servers) throws IOException, InterruptedException {
        apiPort = Ports.free();
        child = Child.silent(setting, List.of(program, "-host", "127.0.0.1", "-port", String.valueOf(apiPort)));
        try {
            Ports.await(child, apiPort);
            echoPort = add("echo", servers.echoPort());
            sinkPort = add("sink", servers.sinkPort());
        } catch (IOException | InterruptedException e) {
            child.close();
            throw e;
        }
    }

    private int add(String name, int port) throws IOException {
        JsonNode made =
                post("/proxies", "{'name':'" + name + "','listen':'127.0.0.1:0','upstream':'127.0.0.1:" + port + "'}");
        String listen = made.path("listen").asText();
        return Integer.parseInt(listen.substring(listen.lastIndexOf(':') + 1));
    }

    private JsonNode post(String path, String body) throws IOException {
        HttpURLConnection connection = open(path, "POST");
        connection.setDoOutput(true);
        connection.getOutputStream().write(body.replace('\'', '"').getBytes(UTF_8));
        return json.readTree(connection.getInputStream());
    }

    private HttpURLConnection open(String path, String method) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) new URL("http", "127.0.0.1", apiPort, path).openConnection();
        connection.setRequestMethod(method);
        connection.setConnectTimeout(5_000);
        connection.setReadTimeout(5_000);
        return connection;
    }

    @Override
    Child process() {
        return child;
    }

    @Override
    int echoPort() {
        return echoPort;
    }

    @Override
    int sinkPort() {
        return sinkPort;
    }

    @Override
    void slow(int latencies, int millis, boolean bothDirections) throws IOException {
        for (String stream : bothDirections ? List.of("upstream", "downstream") : List.of("downstream")) {
            for (int i = 0; i < latencies; i++) {
                for (String proxy : PROXIES) {
                    String name = stream + i;
                    post(
                            "/proxies/" + proxy + "/toxics",
                            "{'name':'" + name + "','type':'latency','stream':'" + stream + "','attributes':{'latency':"
                                    + millis + "}}");
                    toxics.add("/proxies/" + proxy + "/toxics/" + name);
                }
            }
        }
    }

    @Override
    void heal() throws IOException {
        for (String toxic : toxics) {
            HttpURLConnection connection = open(toxic, "DELETE");
            if (connection.getResponseCode() != HttpURLConnection.HTTP_NO_CONTENT) {
                throw new IOException("Toxiproxy kept " + toxic + ": " + connection.getResponseMessage());
            }
        }
        toxics.clear();
    }
}
