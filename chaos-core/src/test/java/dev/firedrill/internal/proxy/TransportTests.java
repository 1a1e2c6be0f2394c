package dev.firedrill.internal.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The tests of the proxy run on both transports in different rows: on epoll where the platform has it and the JVM would not warn. */
class TransportTests {

    private static final int WARNS_FROM = 24;

    @Test
    void epoll_is_used_where_it_is_there() {
        boolean there = System.getProperty("os.name").equals("Linux")
                && List.of("amd64", "aarch64").contains(System.getProperty("os.arch"))
                && Runtime.version().feature() < WARNS_FROM
                && !Boolean.getBoolean("io.netty.transport.noNative");

        assertThat(Transport.get().connecting().getSimpleName())
                .isEqualTo(there ? "EpollSocketChannel" : "NioSocketChannel");
    }
}
