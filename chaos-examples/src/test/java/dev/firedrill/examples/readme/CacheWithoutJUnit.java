package dev.firedrill.examples.readme;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;

import dev.firedrill.Chaos;
import dev.firedrill.Report;
import dev.firedrill.Service;
import dev.firedrill.embedded.EmbeddedRedis;
import dev.firedrill.fault.Latency;
import java.net.InetSocketAddress;
import redis.clients.jedis.RedisClient;

/** The README's example for other test frameworks and harnesses. */
final class CacheWithoutJUnit {

    private CacheWithoutJUnit() {}

    static void rehearse() {
        // README: begin
        try (Chaos chaos = Chaos.start()) {
            Service redis = chaos.service("redis", EmbeddedRedis.process()); // or Upstream.at("127.0.0.1", 6379)
            InetSocketAddress address = redis.address(); // the link's: past it no fault is felt
            RedisClient cache = RedisClient.create(address.getHostString(), address.getPort());
            Report report = chaos.experiment("the cache survives being slow")
                    .steadyState("the cache answers", () -> cache.ping().equals("PONG"))
                    .inject(new Latency(ofMillis(300), ofMillis(100)), redis)
                    .recoversWithin(ofSeconds(5))
                    .run(drill -> cache.set("book", "12")); // throws unless the verdict is good; observe(...) does not
            System.out.println(report.text());
        }
        // README: end
    }
}
