package dev.firedrill.examples.containers;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DeliverCallback;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;

/** Packs what was ordered: the other end of the queue. An order that comes twice is packed once. */
public final class Warehouse implements AutoCloseable {

    private static final int CLOSE_MILLIS = 500;

    private final Set<String> packed = ConcurrentHashMap.newKeySet();
    private final Connection connection;

    private Warehouse(URI rabbit, boolean reconnects) throws IOException, TimeoutException {
        ConnectionFactory broker = Broker.at(rabbit);
        broker.setAutomaticRecoveryEnabled(reconnects);
        connection = broker.newConnection("warehouse");
        try {
            Channel channel = Broker.open(connection);
            DeliverCallback pack = (tag, message) -> {
                packed.add(new String(message.getBody(), StandardCharsets.UTF_8));
                channel.basicAck(message.getEnvelope().getDeliveryTag(), false);
            };
            channel.basicConsume(Broker.QUEUE, pack, tag -> {});
        } catch (IOException | RuntimeException e) {
            connection.abort(CLOSE_MILLIS);
            throw e;
        }
    }

    /**
     * A warehouse that comes back to the queue when the connection breaks.
     *
     * @param rabbit where the broker is, such as {@code amqp://guest:guest@localhost:5672}
     * @return the resilient one
     * @throws IOException if the broker does not let it in
     * @throws TimeoutException if the broker does not answer
     */
    public static Warehouse reconnecting(URI rabbit) throws IOException, TimeoutException {
        return new Warehouse(rabbit, true);
    }

    /**
     * A warehouse that hears nothing more once the connection is broken.
     *
     * @param rabbit where the broker is
     * @return the fragile one
     * @throws IOException if the broker does not let it in
     * @throws TimeoutException if the broker does not answer
     */
    public static Warehouse connectedOnce(URI rabbit) throws IOException, TimeoutException {
        return new Warehouse(rabbit, false);
    }

    /**
     * Looks whether an order has arrived.
     *
     * @param id the order's
     * @return true if it is packed
     */
    public boolean hasPacked(String id) {
        return packed.contains(id);
    }

    @Override
    public void close() {
        connection.abort(CLOSE_MILLIS);
    }
}
