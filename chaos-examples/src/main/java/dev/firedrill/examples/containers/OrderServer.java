package dev.firedrill.examples.containers;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.firedrill.examples.quickstart.OrderService;
import dev.firedrill.examples.quickstart.Orders;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;

/**
 * The order service as a program: {@code POST /orders/<id>/<item>} answers 200 with the price, or 503 if the order is not
 * known to be stored. It looks for {@code redis} and {@code postgres} under these names; the argument {@code trusting} makes
 * it the fragile one.
 */
public final class OrderServer {

    /** Where it listens. */
    public static final int PORT = 8080;

    private static final URI CACHE = URI.create("redis://redis:6379");

    private final Orders orders;

    private OrderServer(Orders orders) {
        this.orders = orders;
    }

    /**
     * Serves until it is killed.
     *
     * @param arguments where the database is, and {@code trusting} or nothing
     * @throws IOException if the port is taken
     */
    public static void main(String... arguments) throws IOException {
        String jdbc = arguments[0];
        boolean trusting = arguments.length > 1 && arguments[1].equals("trusting");
        OrderServer server =
                new OrderServer(trusting ? new TrustingOrderService(CACHE, jdbc) : new OrderService(CACHE, jdbc));
        HttpServer http = HttpServer.create(new InetSocketAddress(PORT), 50);
        http.setExecutor(Executors.newFixedThreadPool(8));
        http.createContext("/orders/", server::place);
        http.start();
        System.out.println("orders are taken");
    }

    private void place(HttpExchange exchange) throws IOException {
        String[] path = exchange.getRequestURI().getPath().split("/", -1);
        try {
            answer(exchange, 200, String.valueOf(orders.place(path[2], path[3])));
        } catch (Exception e) {
            answer(exchange, 503, e.toString());
        }
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
