package dev.firedrill.junit5;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firedrill.Upstream;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;

/** What the tests of annotations that can't work have in common. */
final class BadInput {

    static final Upstream ECHO = new Echo().upstream();

    private BadInput() {}

    @Firedrill
    static class Base {
        @ChaosService
        static final Upstream redis = ECHO;
    }

    /** With this text exactly. */
    static void refused(Class<?> type, String message) {
        assertThat(Kit.of(type).failure())
                .isInstanceOf(ExtensionConfigurationException.class)
                .hasMessage(message);
    }
}
