package dev.firedrill.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.firedrill.LocalProcess;
import org.junit.jupiter.api.Test;

/** What is known of the servers before anything is unpacked. */
class EmbeddedServersTests {

    @Test
    void they_have_the_ports_that_everybody_knows() {
        assertThat(EmbeddedRedis.process().ports()).containsExactly(6379);
        assertThat(EmbeddedRedis.durable().ports()).containsExactly(6379);
        assertThat(EmbeddedPostgres.process().ports()).containsExactly(5432);
    }

    @Test
    void their_own_options_come_last() {
        LocalProcess redis = EmbeddedRedis.durable().args("--maxmemory", "10mb");
        assertThat(redis.command()).endsWith("--appendfsync", "always", "--maxmemory", "10mb");
        assertThat(redis.ports()).as("kept").containsExactly(6379);
    }

    @Test
    void names_of_databases_are_checked() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EmbeddedPostgres.database("my shop"))
                .withMessage(
                        "database \"my shop\" is no name; allowed are 1 to 63 letters, digits, hyphens and underscores");
    }
}
