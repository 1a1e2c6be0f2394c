package dev.firedrill.junit5;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firedrill.LocalProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;

/** Templates of addresses: what they come to, and that those that come to nothing are told before anything is started. */
class AddressTests {

    private static final Path TRACE = Path.of("target", "address-was-started").toAbsolutePath();

    @BeforeEach
    void nothing_started() throws IOException {
        Files.deleteIfExists(TRACE);
    }

    @Firedrill
    abstract static class Base {

        @ChaosService
        static final LocalProcess server =
                LocalProcess.of("sh", "-c", "touch " + TRACE + "; sleep 60").ports(7, 8);
    }

    private static void refused(Class<?> type, String message) {
        assertThat(Kit.of(type).failure())
                .isInstanceOf(ExtensionConfigurationException.class)
                .hasMessage(message);
        assertThat(TRACE).doesNotExist();
    }

    static class Blank extends Base {
        @ServiceUri(value = "server:7", template = "http://{host}:{port}/my shop")
        static URI uri;

        @Test
        void test() {}
    }

    static class Misspelt extends Base {
        @Test
        void test(@ServiceUri(value = "server", template = "http://{hots}:{port:7}/") URI uri) {}
    }

    static class NoScheme extends Base {
        @ServiceUri(template = "{host}:{port:8}")
        URI uri;

        @Test
        void test() {}
    }

    @Test
    void a_template_that_gives_no_uri() {
        refused(
                Blank.class,
                "@ServiceUri on AddressTests.Blank.uri: template \"http://{host}:{port}/my shop\" gives no URI: Illegal"
                        + " character in path at index 25 of \"http://127.0.0.1:65535/my shop\"; allowed is what java.net.URI"
                        + " takes, such as \"http://{host}:{port}/shop\" with %20 for a blank; correct it, or take a String");
        refused(
                Misspelt.class,
                "@ServiceUri on parameter uri of AddressTests.Misspelt.test: template \"http://{hots}:{port:7}/\" for service"
                        + " server: {hots} is unknown; allowed are {host}, {port} and, of several ports, such as {port:7}");
        refused(
                NoScheme.class,
                "@ServiceUri on AddressTests.NoScheme.uri: template \"{host}:{port:8}\" gives no URI: Illegal character in"
                        + " scheme name at index 0 of \"127.0.0.1:65535\"; allowed is what java.net.URI takes, such as"
                        + " \"http://{host}:{port}/shop\" with %20 for a blank; correct it, or take a String");
    }

    @Firedrill
    static class Good {

        @ChaosService
        static final LocalProcess server = EchoMain.process(7, 8);

        @ServiceUri(value = "server:8", template = "jdbc:postgresql://{host}:{port}/shop?user=me")
        static URI opaque;

        @ServiceUri(template = "amqp://{host}:{port:7},{host}:{port:8}/%2f")
        static URI several;

        @ServiceUri(template = "{host} {port:7} or {port:8}")
        static String text;

        @Test
        void test(
                @ServiceUri("server:7") URI seven,
                @ServiceUri(value = "server:8", template = "http://{host}:{port}/a%20b") URI eight) {
            assertThat(eight.getPath()).isEqualTo("/a b");
            assertThat(opaque).hasToString("jdbc:postgresql://" + eight.getRawAuthority() + "/shop?user=me");
            assertThat(several.getRawAuthority()).isEqualTo(seven.getRawAuthority() + "," + eight.getRawAuthority());
            assertThat(text).isEqualTo("127.0.0.1 " + seven.getPort() + " or " + eight.getPort());
        }
    }

    @Test
    void a_template_that_gives_one_is_left_alone() {
        Kit.of(Good.class).tests().assertStatistics(stats -> stats.succeeded(1));
    }
}
