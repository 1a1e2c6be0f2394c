package dev.firedrill.server;

import static org.assertj.core.api.Assertions.assertThat;

import eu.rekawek.toxiproxy.ToxiproxyClient;
import java.io.IOException;
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
                .contains("-config " + config + ": ")
                .contains("missing required field: upstream at proxy 1");
        assertThat(outputOf(1, "-port", "0", "-config", folder.resolve("none").toString()))
                .contains("none");
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
