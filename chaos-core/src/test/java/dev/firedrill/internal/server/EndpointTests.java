package dev.firedrill.internal.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndpointTests {

    @ParameterizedTest
    @CsvSource({
        "localhost:1, 127.0.0.1:1",
        "127.0.0.2:1, 127.0.0.2:1",
        ":1, [::]:1",
        "0.0.0.0:1, [::]:1",
        "[::1]:1, [::1]:1",
        "[fe80::1%5]:1, [fe80::1%5]:1",
        "[2001:db8:0:0:0:0:0:7]:1, [2001:db8::7]:1",
        "[::ffff:127.0.0.1]:1, 127.0.0.1:1",
    })
    void is_shown_as_go_shows_it(String listen, String shown) {
        assertThat(Endpoint.text(Endpoint.listen(listen))).isEqualTo(shown);
    }
}
