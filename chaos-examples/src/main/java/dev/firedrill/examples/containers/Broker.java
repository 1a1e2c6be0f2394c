package dev.firedrill.examples.containers;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import java.io.IOException;
import java.net.URI;
import java.util.Map;

/** What both ends of the queue agree on. */
final class Broker {

    static final String QUEUE = "orders";

    private static final int MILLIS = 500;

    private Broker() {}

    static ConnectionFactory at(URI rabbit) {
        String[] user = rabbit.getUserInfo().split(":", 2);
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost(rabbit.getHost());
        factory.setPort(rabbit.getPort());
        factory.setUsername(user[0]);
        factory.setPassword(user[1]);
        factory.setConnectionTimeout(MILLIS);
        factory.setHandshakeTimeout(2 * MILLIS);
        factory.setChannelRpcTimeout(2 * MILLIS);
        factory.setNetworkRecoveryInterval(MILLIS / 2);
        return factory;
    }

    /** The queue outlives the broker. */
    static Channel open(Connection connection) throws IOException {
        Channel channel = connection.createChannel();
        channel.queueDeclare(QUEUE, true, false, false, Map.of());
        return channel;
    }
}
