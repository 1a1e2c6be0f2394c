package dev.firedrill.junit5;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firedrill.Drill;
import dev.firedrill.LocalProcess;
import dev.firedrill.Report;
import dev.firedrill.Upstream;
import dev.firedrill.fault.Corrupt.How;
import dev.firedrill.fault.Direction;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;

/** Faults of single messages by annotation. */
class MessageAnnotationTests {

    private static final Upstream ECHO = new Echo().upstream();

    @Firedrill
    abstract static class Base {

        @ChaosService
        static final Upstream echo = ECHO;

        @ServiceUri("echo")
        InetSocketAddress address;

        /** What comes back of some lines. */
        String said(String lines, int length) throws IOException {
            try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
                socket.setSoTimeout(5_000);
                socket.getOutputStream().write(lines.getBytes(US_ASCII));
                return new String(socket.getInputStream().readNBytes(length), US_ASCII);
            }
        }
    }

    static class All extends Base {

        @Test
        @Corrupt(
                target = "echo",
                how = How.TRUNCATE,
                framing = "line",
                command = "SET",
                direction = Direction.DOWNSTREAM)
        void corrupt() throws IOException {
            assertThat(said("get a\nset abc\n", 7)).matches("(?s)get a\n[set abc\n].*");
        }

        @Test
        @DropMessage(target = "echo", framing = "line", pattern = "^b")
        void drop() throws IOException {
            assertThat(said("a\nb\nc\n", 4)).isEqualTo("a\nc\n");
        }

        @Test
        @Duplicate(target = "echo", framing = "length:1", nth = 2)
        void duplicate() throws IOException {
            assertThat(said("\1a\1b\1c", 8)).isEqualTo("\1a\1b\1b\1c");
        }

        @Test
        @Reorder(target = "echo", framing = "line", nth = 1, patience = "5s")
        void reorder() throws IOException {
            assertThat(said("a\nb\nc\n", 6)).isEqualTo("b\na\nc\n");
        }

        @Test
        @DelayMessage(target = "echo", framing = "line", delay = "100ms")
        void delay() throws IOException {
            assertThat(said("a\nb\n", 4)).isEqualTo("a\nb\n");
        }
    }

    @Test
    void every_one_acts() {
        assertThat(Kit.failures(Kit.of(All.class).run())).isEmpty();
    }

    @Firedrill
    static class Killed {

        @ChaosService
        static final LocalProcess server = EchoMain.process(7);

        @ServiceUri("server")
        InetSocketAddress address;

        @Test
        @KillBeforeReply(target = "server", framing = "line", command = "order")
        void the_second_line_is_the_last(Drill drill) throws IOException {
            try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
                socket.setSoTimeout(5_000);
                socket.getOutputStream().write("ask 1\n".getBytes(US_ASCII));
                assertThat(socket.getInputStream().readNBytes(6))
                        .asString(US_ASCII)
                        .isEqualTo("ask 1\n");
                socket.getOutputStream().write("order 2\n".getBytes(US_ASCII));
                assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketException.class);
            }
            drill.awaitActive();
        }

        @AfterEach
        void it_was_started_again(Report report) {
            assertThat(report.nodes())
                    .singleElement()
                    .satisfies(node -> assertThat(node.incarnations()).hasSize(2));
        }
    }

    @Test
    void a_node_is_killed_before_its_reply() {
        assertThat(Kit.failures(Kit.of(Killed.class).run())).isEmpty();
    }

    static class Pattern extends Base {
        @Test
        @DropMessage(target = "echo", pattern = "(")
        void test() {}
    }

    static class Framing extends Base {
        @Test
        @DropMessage(target = "echo", framing = "mqtt")
        void test() {}
    }

    static class Late extends Base {
        @Test
        @DelayMessage(target = "echo", delay = "0ms")
        void test() {}
    }

    static class Patience extends Base {
        @Test
        @Reorder(target = "echo", patience = "0ms")
        void test() {}
    }

    private static void refused(Class<?> type, String message) {
        assertThat(Kit.failures(Kit.of(type).run()))
                .singleElement()
                .isInstanceOf(ExtensionConfigurationException.class)
                .extracting(Throwable::getMessage)
                .asString()
                .isEqualTo(message);
    }

    @Test
    void bad_input_is_refused_before_anything_is_touched() {
        refused(
                Pattern.class,
                "@DropMessage on MessageAnnotationTests.Pattern.test: pattern \"(\" is no regular expression: Unclosed group;"
                        + " see java.util.regex.Pattern, and quote what is meant literally by \\Q...\\E");
        refused(
                Framing.class,
                "@DropMessage on MessageAnnotationTests.Framing.test: no engine can make drop-message on echo:\n"
                        + "  embedded: framing \"mqtt\" is unknown; allowed are amqp, http, line, postgresql, resp and"
                        + " length:N[,le][,inclusive][,at=N], or nothing, so that it is found from the first bytes\n"
                        + "  node: it makes kill, stop, pause, restart and kill-before-reply only");
        refused(
                Late.class,
                "@DelayMessage on MessageAnnotationTests.Late.test: delay-message: delay 0ms is not positive; allowed is more"
                        + " than 0ms");
        refused(
                Patience.class,
                "@Reorder on MessageAnnotationTests.Patience.test: reorder: patience 0ms is not positive; allowed is more than"
                        + " 0ms");
    }
}
