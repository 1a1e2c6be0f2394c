package dev.firedrill.examples.readme;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The README's first example is a test that runs. */
class ReadmeTests {

    @Test
    void the_first_example_is_the_one_that_runs() throws IOException {
        String source = Files.readString(
                Path.of("src", "test", "java", "dev", "firedrill", "examples", "readme", "CacheChaosTests.java"));
        String example = source.substring(source.indexOf("// README: begin\n") + "// README: begin\n".length());
        assertThat(Files.readString(Path.of("..", "README.md"))).contains("```java\n" + example + "```");
    }
}
