package dev.firedrill.examples.containers;

import dev.firedrill.examples.quickstart.Orders;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.RedisClient;

/** Orders that trust the cache: they wait for it without a time-out, and no order is placed without it. */
public final class TrustingOrderService implements Orders {

    private final String jdbc;
    private final RedisClient cache;

    /**
     * Connects.
     *
     * @param redis where the cache is, such as {@code redis://localhost:6379}
     * @param jdbc where the database is
     */
    public TrustingOrderService(URI redis, String jdbc) {
        this.jdbc = jdbc;
        cache = RedisClient.builder()
                .hostAndPort(redis.getHost(), redis.getPort())
                .clientConfig(DefaultJedisClientConfig.builder()
                        .socketTimeoutMillis(0)
                        .build())
                .build();
    }

    @Override
    public long place(String id, String item) throws SQLException {
        try (Connection connection = DriverManager.getConnection(jdbc);
                PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO orders (id, item, price) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING")) {
            long price = price(connection, item);
            insert.setString(1, id);
            insert.setString(2, item);
            insert.setLong(3, price);
            insert.executeUpdate();
            return price;
        }
    }

    private long price(Connection connection, String item) throws SQLException {
        String cached = cache.get("price:" + item);
        if (cached != null) {
            return Long.parseLong(cached);
        }
        try (PreparedStatement select = connection.prepareStatement("SELECT price FROM items WHERE name = ?")) {
            select.setString(1, item);
            try (ResultSet found = select.executeQuery()) {
                if (!found.next()) {
                    throw new IllegalArgumentException("no item is named " + item);
                }
                long price = found.getLong(1);
                cache.set("price:" + item, String.valueOf(price));
                return price;
            }
        }
    }

    @Override
    public boolean isStored(String id) throws SQLException {
        try (Connection connection = DriverManager.getConnection(jdbc);
                PreparedStatement select = connection.prepareStatement("SELECT 1 FROM orders WHERE id = ?")) {
            select.setString(1, id);
            try (ResultSet found = select.executeQuery()) {
                return found.next();
            }
        }
    }

    @Override
    public void close() {
        cache.close();
    }
}
