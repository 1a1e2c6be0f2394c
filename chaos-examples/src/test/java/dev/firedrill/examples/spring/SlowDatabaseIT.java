package dev.firedrill.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firedrill.junit5.Latency;
import dev.firedrill.junit5.RecoversWithin;
import org.junit.jupiter.api.Test;

class SlowDatabaseIT extends SpringShop {

    @Test
    @Latency(target = "postgres", delay = "200ms")
    @RecoversWithin("5s")
    void answers_late() {
        assertThat(one()).isEqualTo(1);
        assertThat(started.number()).isEqualTo(1);
    }
}
