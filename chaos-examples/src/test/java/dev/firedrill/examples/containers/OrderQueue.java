package dev.firedrill.examples.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.firedrill.Drill;
import dev.firedrill.history.History;
import dev.firedrill.junit5.ChaosService;
import dev.firedrill.junit5.Firedrill;
import dev.firedrill.junit5.Invariant;
import dev.firedrill.junit5.ServiceUri;
import dev.firedrill.junit5.SteadyState;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.testcontainers.containers.RabbitMQContainer;

/** A queue from the shop to the warehouse: what is told is packed, whatever happens to the broker. */
@Firedrill
@Tag("docker")
abstract class OrderQueue {

    @ChaosService(port = 5672) // of the four ports that the container exposes
    @SuppressWarnings("deprecation") // the class that Testcontainers 1.21 and 2.0 both have
    static final RabbitMQContainer rabbit = new RabbitMQContainer("rabbitmq:3.10");

    @ServiceUri(template = "amqp://guest:guest@{host}:{port}")
    static URI broker;

    OrderNews news;
    Warehouse warehouse;

    @SteadyState
    void news_reach_the_warehouse() throws IOException {
        String id = "probe-" + UUID.randomUUID();
        news.send(id);
        await().atMost(Duration.ofSeconds(1))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> warehouse.hasPacked(id));
    }

    @Invariant // the probe that came last was sent after all of them, and the queue keeps the order
    void what_was_sent_is_packed(History history) {
        for (String id : history.named("send").acknowledged().inputs(String.class)) {
            assertThat(warehouse.hasPacked(id)).as(id).isTrue();
        }
    }

    /** What a shop does with news that is not known to be sent: it goes on, and would send it again later. */
    void send(Drill drill, String id) {
        try {
            drill.operation("send", id, () -> {
                news.send(id);
                return id;
            });
        } catch (Exception e) {
            // not acknowledged
        }
    }

    @AfterEach
    void close() {
        news.close();
        warehouse.close();
    }
}
