package dev.firedrill.examples.quickstart;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.net.URI;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.SetParams;

/**
 * Orders that survive: the cache may be slow or gone, for prices are in the database too; the database may be gone for a
 * while, for an order is tried again under its own id until it is stored or the customer's patience is over.
 */
public final class OrderService implements Orders {

    private static final int CACHE_MILLIS = 100;
    private static final Duration TRY_FOR = Duration.ofSeconds(1);

    private final HikariDataSource database;
    private final RedisClient cache;

    /**
     * Connects.
     *
     * @param redis where the cache is, such as {@code redis://localhost:6379}
     * @param jdbc where the database is
     */
    public OrderService(URI redis, String jdbc) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(jdbc);
        config.setMaximumPoolSize(4);
        config.setConnectionTimeout(500);
        config.setValidationTimeout(250);
        config.setInitializationFailTimeout(-1);
        database = new HikariDataSource(config);
        cache = RedisClient.builder()
                .hostAndPort(redis.getHost(), redis.getPort())
                .clientConfig(DefaultJedisClientConfig.builder()
                        .connectionTimeoutMillis(CACHE_MILLIS)
                        .socketTimeoutMillis(CACHE_MILLIS)
                        .build())
                .build();
    }

    @Override
    public long place(String id, String item) throws SQLException {
        long until = System.nanoTime() + TRY_FOR.toNanos();
        while (true) {
            try {
                return store(id, item, price(item));
            } catch (SQLException e) {
                if (System.nanoTime() > until) {
                    throw e;
                }
            }
        }
    }

    private long store(String id, String item, long price) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO orders (id, item, price) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING")) {
            insert.setString(1, id);
            insert.setString(2, item);
            insert.setLong(3, price);
            insert.executeUpdate();
            return price;
        }
    }

    /** The cache is only a short cut. */
    private long price(String item) throws SQLException {
        try {
            String cached = cache.get("price:" + item);
            if (cached != null) {
                return Long.parseLong(cached);
            }
        } catch (JedisException e) {
            return storedPrice(item);
        }
        long price = storedPrice(item);
        remember(item, price);
        return price;
    }

    private void remember(String item, long price) {
        try {
            cache.set(
                    "price:" + item,
                    String.valueOf(price),
                    SetParams.setParams().ex(60));
        } catch (JedisException e) {
            // the next one finds it in the database again
        }
    }

    private long storedPrice(String item) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement("SELECT price FROM items WHERE name = ?")) {
            select.setString(1, item);
            try (ResultSet found = select.executeQuery()) {
                if (!found.next()) {
                    throw new IllegalArgumentException("no item is named " + item);
                }
                return found.getLong(1);
            }
        }
    }

    /**
     * Asks the cache alone.
     *
     * @return true if it answers in time
     */
    public boolean cacheAnswers() {
        return cache.ping().equals("PONG");
    }

    @Override
    public boolean isStored(String id) throws SQLException {
        try (Connection connection = database.getConnection();
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
        database.close();
    }
}
