package dev.firedrill.examples.quickstart;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Orders that do not survive: one connection for ever, as in many a script that grew. */
public final class FragileOrderService implements Orders {

    private static final long PRICE = 12;

    private final Connection connection;

    /**
     * Connects, once and for all.
     *
     * @param jdbc where the database is
     * @throws SQLException if it does not answer
     */
    public FragileOrderService(String jdbc) throws SQLException {
        connection = DriverManager.getConnection(jdbc);
    }

    @Override
    public long place(String id, String item) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO orders (id, item, price) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING")) {
            insert.setString(1, id);
            insert.setString(2, item);
            insert.setLong(3, PRICE);
            insert.executeUpdate();
            return PRICE;
        }
    }

    @Override
    public boolean isStored(String id) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT 1 FROM orders WHERE id = ?")) {
            select.setString(1, id);
            try (ResultSet found = select.executeQuery()) {
                return found.next();
            }
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            // it is broken already
        }
    }
}
