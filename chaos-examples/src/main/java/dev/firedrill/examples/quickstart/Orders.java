package dev.firedrill.examples.quickstart;

import java.sql.SQLException;

/** Takes orders. */
public interface Orders extends AutoCloseable {

    /**
     * Places an order; placing it again changes nothing.
     *
     * @param id what tells it from others
     * @param item what is ordered
     * @return the price that was stored with it
     * @throws SQLException if it is not known to be stored
     */
    long place(String id, String item) throws SQLException;

    /**
     * Looks an order up.
     *
     * @param id its id
     * @return true if it is stored
     * @throws SQLException if the database does not answer
     */
    boolean isStored(String id) throws SQLException;

    @Override
    void close();
}
