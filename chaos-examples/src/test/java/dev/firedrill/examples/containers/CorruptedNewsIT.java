package dev.firedrill.examples.containers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import dev.firedrill.fault.Corrupt.How;
import dev.firedrill.fault.Direction;
import dev.firedrill.junit5.ChaosService;
import dev.firedrill.junit5.Corrupt;
import dev.firedrill.junit5.Duplicate;
import dev.firedrill.junit5.Firedrill;
import dev.firedrill.junit5.ServiceUri;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.testcontainers.containers.RabbitMQContainer;

/** How a poison message comes about: the broker confirms and stores what was corrupted on its way. */
@Firedrill
@Tag("docker")
class CorruptedNewsIT {

    private static final String QUEUE = "news";
    private static final String ORDER = "order 4711: three books for 42 euros";
    private static final int CONFIRM_MILLIS = 5_000;

    @ChaosService(port = 5672)
    @SuppressWarnings("deprecation") // the class that Testcontainers 1.21 and 2.0 both have
    static final RabbitMQContainer rabbit = new RabbitMQContainer("rabbitmq:3.10");

    @ServiceUri(template = "amqp://guest:guest@{host}:{port}")
    static URI broker;

    Connection connection;
    Channel channel;

    @BeforeEach
    void open() throws Exception { // before the fault, as a pool does
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(broker);
        connection = factory.newConnection();
        channel = connection.createChannel();
        channel.queueDeclare(QUEUE, true, false, false, null);
        channel.queuePurge(QUEUE);
        channel.confirmSelect();
    }

    @AfterEach
    void close() throws Exception {
        connection.close();
    }

    private List<String> stored() throws Exception {
        return stored(ORDER);
    }

    private List<String> stored(String order) throws Exception {
        channel.basicPublish("", QUEUE, null, order.getBytes(UTF_8));
        assertThat(channel.waitForConfirms(CONFIRM_MILLIS)).isTrue();
        List<String> stored = new ArrayList<>();
        for (GetResponse each = channel.basicGet(QUEUE, true); each != null; each = channel.basicGet(QUEUE, true)) {
            stored.add(new String(each.getBody(), UTF_8));
        }
        return stored;
    }

    @Test
    @Corrupt(target = "rabbit", command = "basic.publish")
    void a_garbled_order_is_stored() throws Exception {
        assertThat(stored()).singleElement().asString().hasSameSizeAs(ORDER).matches("[a-z]{5} \\d{4}: .*");
        assertThat(stored()).doesNotContain(ORDER);
    }

    @Test
    @Corrupt(target = "rabbit", command = "basic.publish", how = How.BIT_FLIP)
    void an_order_of_which_one_bit_is_turned_is_stored() throws Exception {
        assertThat(stored()).singleElement().asString().hasSameSizeAs(ORDER).isNotEqualTo(ORDER);
    }

    @Test
    @Corrupt(target = "rabbit", command = "basic.publish", how = How.TRUNCATE)
    void half_an_order_is_stored() throws Exception {
        assertThat(ORDER).startsWith(stored().get(0)).isNotEqualTo(stored().get(0));
    }

    @Test
    @Corrupt(target = "rabbit", command = "basic.publish", how = How.TRUNCATE)
    void nothing_is_left_of_the_shortest_order() throws Exception {
        assertThat(stored("x")).containsExactly("");
    }

    @Test
    @Corrupt(target = "rabbit", command = "basic.publish", how = How.TRUNCATE)
    void a_part_is_missing_of_an_order_that_takes_several_frames() throws Exception {
        String order = ORDER.repeat(10_000);
        assertThat(stored(order))
                .singleElement()
                .asString()
                .hasSizeLessThan(order.length())
                .hasSizeGreaterThan(order.length() / 2)
                .endsWith(ORDER);
    }

    @Test
    @Corrupt(target = "rabbit", command = "basic.get-ok", direction = Direction.DOWNSTREAM)
    void an_order_is_garbled_on_its_way_from_the_queue() throws Exception {
        assertThat(stored()).singleElement().asString().hasSameSizeAs(ORDER).isNotEqualTo(ORDER);
    }

    @Test
    @Duplicate(target = "rabbit", command = "basic.publish")
    void an_order_is_stored_twice() throws Exception {
        assertThat(stored()).containsExactly(ORDER, ORDER);
    }
}
