package dev.firedrill.examples.containers;

import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.MessageProperties;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Tells the warehouse what was ordered, through a queue. */
public final class OrderNews implements AutoCloseable {

    private static final int CONFIRM_MILLIS = 500;

    private final ConnectionFactory broker;
    private final boolean confirmed;
    private @Nullable Channel channel;

    private OrderNews(URI rabbit, boolean confirmed) {
        broker = Broker.at(rabbit);
        broker.setAutomaticRecoveryEnabled(!confirmed); // the confirmed one connects anew, and knows what was lost
        this.confirmed = confirmed;
    }

    /**
     * News that count as sent once the broker has stored them.
     *
     * @param rabbit where the broker is, such as {@code amqp://guest:guest@localhost:5672}
     * @return the resilient one
     */
    public static OrderNews confirmed(URI rabbit) {
        return new OrderNews(rabbit, true);
    }

    /**
     * News that count as sent once they are written to the connection.
     *
     * @param rabbit where the broker is
     * @return the fragile one
     */
    public static OrderNews unconfirmed(URI rabbit) {
        return new OrderNews(rabbit, false);
    }

    /**
     * Tells of an order.
     *
     * @param id the order's
     * @throws IOException if the news is not known to be sent; sending it again does no harm
     */
    public synchronized void send(String id) throws IOException {
        try {
            Channel open = channel();
            open.basicPublish(
                    "", Broker.QUEUE, MessageProperties.PERSISTENT_BASIC, id.getBytes(StandardCharsets.UTF_8));
            if (confirmed) {
                open.waitForConfirmsOrDie(CONFIRM_MILLIS);
            }
        } catch (IOException | TimeoutException | AlreadyClosedException e) {
            if (confirmed) {
                disconnect();
            }
            throw new IOException("order " + id + " is not known to be sent", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("order " + id + " is not known to be sent", e);
        }
    }

    private Channel channel() throws IOException, TimeoutException {
        Channel open = channel;
        if (open == null) {
            Connection connection = broker.newConnection("order-news");
            try {
                open = Broker.open(connection);
                if (confirmed) {
                    open.confirmSelect();
                }
            } catch (IOException | RuntimeException e) {
                connection.abort(CONFIRM_MILLIS);
                throw e;
            }
            channel = open;
        }
        return open;
    }

    private void disconnect() {
        Channel open = channel;
        channel = null;
        if (open != null) {
            open.getConnection().abort(CONFIRM_MILLIS);
        }
    }

    @Override
    public synchronized void close() {
        disconnect();
    }
}
