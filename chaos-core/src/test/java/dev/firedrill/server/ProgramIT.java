package dev.firedrill.server;

import static org.assertj.core.api.Assertions.assertThat;

import eu.rekawek.toxiproxy.ToxiproxyClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The runnable jar that the build makes. */
class ProgramIT {

    @Test
    void starts_with_toxiproxys_flags_and_ends_in_good_order(@TempDir Path folder) throws Exception {
        Path config = folder.resolve("toxiproxy.json");
        Files.writeString(config, "[{\"name\":\"kv\",\"listen\":\"localhost:0\",\"upstream\":\"127.0.0.1:1\"}]");
        try (Program program =
                Program.start("-host=127.0.0.1", "-port", "0", "-config", config.toString(), "-seed", "-42")) {
            var listening = program.listening();
            assertThat(listening.group(3)).isEqualTo("-42");
            ToxiproxyClient client = new ToxiproxyClient("127.0.0.1", Integer.parseInt(listening.group(2)));
            assertThat(client.getProxies()).extracting("name").containsExactly("kv");

            program.process().destroy();

            assertThat(program.output()).isEmpty();
        }
    }

    @Test
    void a_configuration_that_can_not_be_made_ends_it(@TempDir Path folder) throws Exception {
        Path config = folder.resolve("toxiproxy.json");
        Files.writeString(config, "[{\"name\":\"kv\"}]");
        assertThat(outputOf(1, "-port", "0", "-config", config.toString()))
                .contains("firedrill-server: -config " + config
                        + ": proxy 1 \"kv\": missing required field: upstream; correct that proxy");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String listen = "127.0.0.1:" + taken.getLocalPort();
            Files.writeString(
                    config,
                    "[{\"name\":\"a\",\"upstream\":\"127.0.0.1:1\"},{\"name\":\"kv\",\"listen\":\"" + listen
                            + "\",\"upstream\":\"127.0.0.1:1\"}]");
            assertThat(outputOf(1, "-port", "0", "-config", config.toString()))
                    .contains(
                            "firedrill-server: -config " + config + ": proxy 2 \"kv\": listen tcp " + listen
                                    + ": bind: address already in use; give it another listen, or end the program that has that address");
        }
    }

    @Test
    void a_configuration_that_can_not_be_read_ends_it(@TempDir Path folder) throws Exception {
        Path config = folder.resolve("toxiproxy.json");
        assertThat(outputOf(1, "-port", "0", "-config", config.toString()))
                .contains("firedrill-server: -config " + config
                        + ": there is no such file; name one that holds a list of" + " proxies, or leave -config out");
        assertThat(outputOf(1, "-port", "0", "-config", folder.toString()))
                .contains("firedrill-server: -config " + folder + ": it is a directory; name");
        Files.write(config, new byte[] {'[', '{', '"', 'n', (byte) 0xff, '"'});
        assertThat(outputOf(1, "-port", "0", "-config", config.toString()))
                .contains("firedrill-server: -config " + config + ": Invalid UTF-8")
                .contains("(line 1, column ")
                .contains("; expected is a list of proxies, such as [{\"name\":\"redis\",");
        Files.writeString(config, "");
        assertThat(outputOf(1, "-port", "0", "-config", config.toString()))
                .contains("firedrill-server: -config " + config + ": it is empty; expected is a list");
    }

    /** Start scripts that were written for Toxiproxy. */
    @Test
    void takes_flags_as_go_does() throws Exception {
        try (Program program = Program.start(
                "-host=0.0.0.0",
                "-port=1",
                "--port",
                "0",
                "-config=",
                "-proxy-metrics",
                "--runtime-metrics=true",
                "-seed=1",
                "-seed=2")) {
            var listening = program.listening();
            assertThat(listening.group(1)).isEqualTo("0.0.0.0");
            assertThat(listening.group(3)).isEqualTo("2");
            assertThat(program.seen().lines().filter(line -> line.contains("WARN")))
                    .as(program.seen())
                    .singleElement()
                    .asString()
                    .contains("-proxy-metrics, -runtime-metrics: this server has no metrics");
        }
        try (Program program = Program.start(
                "-host", "127.0.0.1", "-port", "0", "-proxy-metrics=true", "--proxy-metrics=false", "-config", "")) {
            assertThat(program.listening().group(1)).isEqualTo("127.0.0.1");
            assertThat(program.seen()).doesNotContain("WARN");
        }
    }

    @Test
    void says_what_is_wrong_with_its_arguments() throws Exception {
        assertThat(outputOf(2, "-port", "70000")).contains("-port: port 70000 is none; allowed is 0..65535");
        assertThat(outputOf(2, "-host="))
                .contains("-host: host \"\" is blank; allowed is a name or a number of this machine");
        assertThat(outputOf(2, "-port", "x")).contains("Invalid value for option '--port': 'x'");
        assertThat(outputOf(2, "-sed", "1")).contains("Unknown option");
        assertThat(outputOf(1, "-host", "192.0.2.1", "-port", "0"))
                .contains("the server can't listen on 192.0.2.1:0: ");
        assertThat(outputOf(0, "-help")).contains("-config");
        assertThat(outputOf(0, "-version")).contains("2.12.0");
    }

    private static String outputOf(int status, String... arguments) throws IOException, InterruptedException {
        try (Program program = Program.start(arguments)) {
            String output = program.output();
            assertThat(program.process().exitValue()).as(output).isEqualTo(status);
            return output;
        }
    }
}
