package dev.firedrill.examples.readme;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What the README shows is what runs here. */
class ReadmeTests {

    private static final String BEGIN = "// README: begin\n";

    @Test
    void the_first_example_is_the_one_that_runs() throws IOException {
        String source = source("CacheChaosTests.java");
        assertThat(readme()).contains("```java\n" + source.substring(source.indexOf(BEGIN) + BEGIN.length()) + "```");
    }

    @Test
    void the_example_without_JUnit_runs() throws IOException {
        String source = source("CacheWithoutJUnit.java");
        String example = source.substring(source.indexOf(BEGIN) + BEGIN.length(), source.indexOf("// README: end"));
        assertThat(readme()).contains("```java\n" + example.stripIndent() + "```");
        CacheWithoutJUnit.rehearse();
    }

    private static String readme() throws IOException {
        return Files.readString(Path.of("..", "README.md"));
    }

    private static String source(String file) throws IOException {
        return Files.readString(Path.of("src", "test", "java", "dev", "firedrill", "examples", "readme", file));
    }
}
