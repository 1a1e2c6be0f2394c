package dev.firedrill.examples.readme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firedrill.Drill;
import dev.firedrill.LocalProcess;
import dev.firedrill.embedded.EmbeddedRedis;
import dev.firedrill.junit5.ChaosService;
import dev.firedrill.junit5.Firedrill;
import dev.firedrill.junit5.Kill;
import dev.firedrill.junit5.Latency;
import dev.firedrill.junit5.RecoversWithin;
import dev.firedrill.junit5.ServiceUri;
import dev.firedrill.junit5.SteadyState;
import java.net.URI;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisConnectionException;

// no IT although it starts a server: it has to run under its name wherever it is copied to
// README: begin
@Firedrill
class CacheChaosTests {

    @ChaosService // started here; the test reaches it through a link that faults can be put on
    static final LocalProcess redis = EmbeddedRedis.process();

    RedisClient cache;

    @BeforeEach
    void connect(@ServiceUri(value = "redis", template = "redis://{host}:{port}") URI uri) {
        cache = RedisClient.create(uri);
    }

    @SteadyState // must hold before, and hold again after healing
    boolean cache_answers() {
        return cache.ping().equals("PONG");
    }

    @Test
    @Latency(target = "redis", delay = "300ms", jitter = "100ms")
    @RecoversWithin("5s")
    void a_slow_cache_still_answers() {
        assertThat(cache.set("book", "12")).isEqualTo("OK"); // runs while the cache is slow
    }

    @Test
    @Kill(target = "redis", after = "200ms", lasting = "1s") // SIGKILL, then started again on the same data
    @RecoversWithin("10s")
    void a_crashed_cache_comes_back(Drill drill) {
        drill.awaitActive();
        assertThatThrownBy(() -> cache.get("book")).isInstanceOf(JedisConnectionException.class);
    }
}
