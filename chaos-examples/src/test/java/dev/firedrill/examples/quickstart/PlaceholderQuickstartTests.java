package dev.firedrill.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Stands in for the quick start. */
class PlaceholderQuickstartTests {
    @Test
    void is_shown_on_the_console() {
        System.out.println("The quick start goes here.");
        assertThat(getClass()).isNotNull();
    }
}
