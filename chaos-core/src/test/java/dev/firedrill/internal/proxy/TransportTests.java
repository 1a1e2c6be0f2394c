package dev.firedrill.internal.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.condition.OS;

/** The tests of the proxy are to run on both transports: on this one where the platform has it. */
class TransportTests {

    @Test
    @EnabledOnOs(
            value = OS.LINUX,
            architectures = {"amd64", "aarch64"})
    @EnabledForJreRange(max = JRE.JAVA_23)
    @DisabledIfSystemProperty(named = "io.netty.transport.noNative", matches = "true")
    void epoll_is_used_where_it_is_there() {
        assertThat(Transport.get().connecting().getSimpleName()).isEqualTo("EpollSocketChannel");
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_24)
    void no_native_code_is_loaded_where_the_jvm_would_warn() {
        assertThat(Transport.get().connecting().getSimpleName()).isEqualTo("NioSocketChannel");
    }
}
