package dev.firedrill.internal.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firedrill.fault.Direction;
import dev.firedrill.spi.Framer;
import dev.firedrill.spi.Framer.Conversation;
import dev.firedrill.spi.Framer.Frame;
import dev.firedrill.spi.Framer.Match;
import dev.firedrill.spi.MalformedMessageException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where messages begin and end, and what of them may change. */
class FramerTests {

    private static final Direction UP = Direction.UPSTREAM;
    private static final Direction DOWN = Direction.DOWNSTREAM;

    /** One direction of one conversation of each protocol, with what is to be found in it. */
    @SuppressWarnings("ImmutableEnumChecker") // nobody changes them
    enum Sample {
        REDIS_REQUESTS("resp", UP, List.of("SET=book", "PING", "GET", "XADD=a long value", "INFO"), text("""
                *3
                $3
                SET
                $4
                cart
                $4
                book
                *1
                $4
                ping
                *2
                $3
                GET
                $4
                cart
                *5
                $4
                XADD
                $6
                stream
                $1
                *
                $1
                f
                $12
                a long value
                INFO all
                """)),
        REDIS_REPLIES(
                "resp",
                DOWN,
                List.of("reply", "error", "reply=book", "reply", "reply=longer", "push=news", "reply=some"),
                text("""
                +OK
                -ERR no
                $4
                book
                $-1
                %2
                +k
                $6
                longer
                +l
                *2
                :1
                _
                >2
                +m
                $4
                news
                =8
                txt:some
                """)),
        REDIS_NESTED("resp", DOWN, List.of("reply=value", "reply=deepest", "reply", "reply", "push=news"), text("""
                |1
                +ttl
                :3600
                $5
                value
                *2
                *1
                *1
                *1
                *1
                *2
                %1
                $1
                k
                $7
                deepest
                *0
                |1
                +a
                *-1
                $2
                ok
                *-1
                :7
                >2
                ~2
                #t
                ,1.5
                $4
                news
                """)),
        HTTP_REQUESTS("http", UP, List.of("GET", "POST=hello", "PUT=longest"), text("""
                GET / HTTP/1.1
                Host: a

                POST /x HTTP/1.1
                content-length: 5

                """) + "hello" + text("""
                PUT /y HTTP/1.1
                Transfer-Encoding: chunked

                3
                abc
                7;x=y
                longest
                0
                Trailer: z

                """)),
        HTTP_RESPONSES("http", DOWN, List.of("100", "200=ok", "204", "404"), text("""
                HTTP/1.1 100 Continue

                HTTP/1.1 200 OK
                Content-Length: 2

                """) + "ok" + text("""
                HTTP/1.1 204 No Content

                HTTP/1.1 404 Not Found
                Content-Length: 0

                """)),
        LINES("line", UP, List.of("set=set a 1", "get=get a"), "set a 1\r\nget a\n"),
        BLOCKS("length:2", UP, List.of("=hello", "", "=x"), hex("0005") + "hello" + hex("0000") + hex("0001") + "x"),
        LITTLE_BLOCKS(
                "length:4,le,inclusive,at=1",
                DOWN,
                List.of("=hi", "=you"),
                hex("ff07000000") + "hi" + hex("fe08000000") + "you"),
        POSTGRESQL_REQUESTS(
                "postgresql",
                UP,
                List.of("SSLRequest", "StartupMessage", "Query", "Bind=a name", "Sync"),
                hex("0000000804d2162f") + hex("00000009" + "00030000" + "00")
                        + hex("51" + "0000000d") + "select 1\0"
                        + hex("42" + "0000001f") + "\0s\0" + hex("0001" + "0000" + "0002" + "ffffffff" + "00000006")
                        + "a name" + hex("0001" + "0000")
                        + hex("53" + "00000004")),
        POSTGRESQL_REPLIES(
                "postgresql",
                DOWN,
                List.of("Authentication", "DataRow=longer", "CommandComplete", "ReadyForQuery"),
                hex("52" + "00000008" + "00000000") + hex("44" + "00000016" + "0002" + "00000002") + "ab"
                        + hex("00000006") + "longer" + hex("43" + "0000000d") + "SELECT 1\0"
                        + hex("5a" + "00000005" + "49")),
        AMQP_PUBLICATIONS(
                "amqp",
                UP,
                List.of(
                        "header",
                        "basic.publish=poison",
                        "heartbeat",
                        "basic.publish",
                        "channel.open",
                        "content-header",
                        "body",
                        "basic.publish=ab"),
                "AMQP" + hex("00000901")
                        + publish(1) + header(1, 6) + body(1, "poison")
                        + hex("08" + "0000" + "00000000" + "ce")
                        + publish(1) + hex("01" + "0002" + "00000004" + "0014000a" + "ce") + header(1, 1) + body(1, "x")
                        + publish(2) + header(2, 4) + body(2, "ab") + body(2, "cd"));

        final String framing;
        final Direction direction;
        final List<String> found;
        final byte[] bytes;

        Sample(String framing, Direction direction, List<String> found, String bytes) {
            this.framing = framing;
            this.direction = direction;
            this.found = found;
            this.bytes = bytes(bytes);
        }

        private static String text(String lines) {
            return lines.replace("\n", "\r\n");
        }

        private static String publish(int channel) {
            return hex("01" + "000" + channel + "00000004" + "003c0028" + "ce");
        }

        private static String header(int channel, int size) {
            return hex("02" + "000" + channel + "0000000e" + "003c0000" + "000000000000000" + size + "0000" + "ce");
        }

        private static String body(int channel, String text) {
            return hex("03" + "000" + channel + "0000000" + text.length()) + text + hex("ce");
        }
    }

    private static String hex(String digits) {
        return new String(HexFormat.of().parseHex(digits), StandardCharsets.ISO_8859_1);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String found(Frame frame, byte[] bytes, int from) {
        String payload = new String(bytes, from + frame.payload(), frame.payloadLength(), StandardCharsets.ISO_8859_1);
        return frame.command() + (payload.isEmpty() ? "" : "=" + payload);
    }

    /** As much is shown each time as a read would bring. */
    private static List<String> read(Sample sample, int step) {
        Conversation conversation = Framers.named(sample.framing).open(true);
        List<String> found = new ArrayList<>();
        int from = 0;
        int seen = 0;
        for (int shown = Math.min(step, sample.bytes.length); from < sample.bytes.length; ) {
            ByteBuffer bytes =
                    ByteBuffer.wrap(sample.bytes, from, shown - from).slice().asReadOnlyBuffer();
            Frame frame = conversation.next(sample.direction, bytes, seen);
            seen = frame == null ? bytes.remaining() : 0;
            if (frame != null) {
                found.add(found(frame, sample.bytes, from));
                from += frame.length();
            } else {
                assertThat(shown).as("a message that never ends").isLessThan(sample.bytes.length);
                shown = Math.min(shown + step, sample.bytes.length);
            }
        }
        return found;
    }

    @ParameterizedTest
    @EnumSource
    void messages_are_the_same_however_they_are_read(Sample sample) {
        for (int step : new int[] {1, 3, 7, 1_000}) {
            assertThat(read(sample, step)).as("reads of %d bytes", step).isEqualTo(sample.found);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_shorter_payload_is_framed_as_well(Sample sample) {
        for (int length : new int[] {0, 1}) {
            isFramedAsWell(sample, length);
        }
    }

    private static void isFramedAsWell(Sample sample, int length) {
        Conversation conversation = Framers.named(sample.framing).open(true);
        ByteArrayOutputStream changed = new ByteArrayOutputStream();
        List<String> expected = new ArrayList<>();
        for (int from = 0; from < sample.bytes.length; ) {
            ByteBuffer rest = ByteBuffer.wrap(sample.bytes, from, sample.bytes.length - from)
                    .slice();
            Frame frame = conversation.next(sample.direction, rest, 0);
            byte[] message = new byte[frame.length()];
            rest.get(message);
            from += frame.length();
            if (frame.payloadLength() > length) {
                byte[] payload = "y".repeat(length).getBytes(StandardCharsets.US_ASCII);
                changed.writeBytes(conversation.replace(sample.direction, message, frame, payload));
            } else {
                changed.writeBytes(message);
            }
        }
        Conversation again = Framers.named(sample.framing).open(true);
        byte[] bytes = changed.toByteArray();
        for (int from = 0; from < bytes.length; ) {
            Frame frame = again.next(
                    sample.direction,
                    ByteBuffer.wrap(bytes, from, bytes.length - from).slice(),
                    0);
            assertThat(frame)
                    .as("message %d of %s", expected.size(), new String(bytes, StandardCharsets.ISO_8859_1))
                    .isNotNull();
            expected.add(frame.command().isEmpty() || sample.framing.equals("line") ? "" : frame.command());
            from += frame.length();
        }
        assertThat(expected)
                .isEqualTo(sample.found.stream()
                        .map(each -> each.split("=", 2)[0])
                        .map(each -> sample.framing.equals("line") ? "" : each)
                        .toList());
    }

    @ParameterizedTest
    @CsvSource({
        "resp, '*3\r\n$3', YES",
        "resp, '*', MORE",
        "resp, 'GET / ', NO",
        "resp, '*x', NO",
        "http, 'GET / HTTP', YES",
        "http, 'DEL', MORE",
        "http, 'SSH-2.0', NO",
        "amqp, 'AMQ', MORE",
        "amqp, 'AMQX', NO",
        "line, 'any', NO",
        "length:4, 'any', NO"
    })
    void what_is_said_first_tells_the_protocol(String framing, String first, Match match) {
        assertThat(Framers.named(framing).match(ByteBuffer.wrap(bytes(first)))).isEqualTo(match);
    }

    @Test
    void a_protocol_is_found_from_the_first_bytes() {
        Framers.Search search = new Framers.Search();
        assertThat(search.find(ByteBuffer.wrap(bytes(hex("0000000804d2162f")))).name())
                .isEqualTo("postgresql");
        assertThat(search.find(ByteBuffer.wrap(bytes("AMQP" + hex("00000901")))).name())
                .isEqualTo("amqp");
        assertThat(search.find(ByteBuffer.wrap(bytes("*1\r\n"))))
                .extracting(Framer::name)
                .isEqualTo("resp");
        assertThat(search.find(ByteBuffer.wrap(bytes(hex("160301"))))).isNull();
        assertThat(search.mayBeFound(ByteBuffer.wrap(bytes(hex("160301"))))).isFalse();
        assertThat(search.mayBeFound(ByteBuffer.wrap(bytes(hex("000000"))))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "resp, DOWNSTREAM, '?\r\n'",
        "resp, DOWNSTREAM, '$x\r\n'",
        "resp, DOWNSTREAM, '$1\r\nabc'",
        "resp, DOWNSTREAM, '*99999999\r\n'",
        "resp, DOWNSTREAM, '%600000\r\n'",
        "http, UPSTREAM, 'hello\r\n\r\n'",
        "http, UPSTREAM, 'a{'",
        "http, DOWNSTREAM, 'HTTP/2'",
        "http, DOWNSTREAM, 'HTTP/1.1 200 OK\r\n\r\n'",
        "http, DOWNSTREAM, 'HTTP/1.1 101 Up\r\n\r\n'",
        "postgresql, DOWNSTREAM, '~1234567'",
        "amqp, UPSTREAM, 'hello world'"
    })
    void what_is_no_message_is_said(String framing, Direction direction, String bytes) {
        Conversation conversation = Framers.named(framing).open(false);
        assertThatThrownBy(() -> conversation.next(direction, ByteBuffer.wrap(bytes(bytes)), 0))
                .isInstanceOf(MalformedMessageException.class);
    }

    @Test
    void a_value_is_nested_so_deep_and_no_deeper() {
        Conversation conversation = Framers.named("resp").open(false);
        byte[] deep = bytes("*1\r\n".repeat(32) + ":1\r\n");
        assertThat(conversation.next(DOWN, ByteBuffer.wrap(deep), 0)).isEqualTo(Frame.whole(deep.length, "reply"));
        byte[] deeper = bytes("*1\r\n".repeat(33) + ":1\r\n");
        assertThatThrownBy(() -> conversation.next(DOWN, ByteBuffer.wrap(deeper), 0))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessage("values are nested deeper than 32");
    }

    // ---- what is not waited for

    /** Gives up where that much of the first message has come, then reads on in pieces; says what is found behind it. */
    private static List<String> behindGivenUp(
            String framing, Direction direction, String first, int come, String second, int step) {
        Conversation conversation = Framers.named(framing).open(true);
        byte[] bytes = bytes(first + second);
        assertThat(conversation.next(direction, ByteBuffer.wrap(bytes, 0, come).slice(), 0))
                .isNull();
        int from = Math.toIntExact(
                conversation.giveUp(direction, ByteBuffer.wrap(bytes, 0, come).slice()));
        assertThat(from).as("is known").isPositive();
        List<String> found = new ArrayList<>();
        int shown = Math.max(from, come);
        int seen = 0;
        while (from < bytes.length) {
            ByteBuffer rest = ByteBuffer.wrap(bytes, from, shown - from).slice();
            Frame frame = rest.hasRemaining() ? conversation.next(direction, rest, seen) : null;
            seen = frame == null ? rest.remaining() : 0;
            if (frame == null) {
                assertThat(shown).as("a message that never ends").isLessThan(bytes.length);
                shown = Math.min(shown + step, bytes.length);
                continue;
            }
            if (frame.spared() == null) {
                assertThat(from).as("within the first").isGreaterThanOrEqualTo(first.length());
                found.add(found(frame, bytes, from));
            }
            from += frame.length();
        }
        return found;
    }

    @SuppressWarnings("ImmutableEnumChecker") // nobody changes them
    enum Abandoned {
        REDIS_STRING(
                "resp", UP, "*3\r\n$3\r\nSET\r\n$4\r\ncart\r\n$30\r\n*1\r\n$4\r\nPING\r\n*1\r\n$4\r\nPING\r\n..\r\n"),
        REDIS_VALUES("resp", DOWN, "*4\r\n$5\r\nhello\r\n*2\r\n:1\r\n:2\r\n+some\r\n%1\r\n+a\r\n$-1\r\n"),
        HTTP_LENGTH(
                "http",
                UP,
                "POST /x HTTP/1.1\r\nContent-Length: 40\r\n\r\nGET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n...."),
        HTTP_CHUNKS(
                "http",
                DOWN,
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n12\r\nHTTP/1.1 200 OK\r\n..\r\n0\r\n\r\n"),
        BLOCK("length:4", UP, hex("00000014") + hex("00000001") + "x" + hex("00000001") + "x" + "..........");

        final String framing;
        final Direction direction;
        final String first;

        Abandoned(String framing, Direction direction, String first) {
            this.framing = framing;
            this.direction = direction;
            this.first = first;
        }

        private String second() {
            return switch (framing) {
                case "resp" -> direction == UP ? "*1\r\n$4\r\nPING\r\n" : "+OK\r\n";
                case "http" -> direction == UP ? "GET / HTTP/1.1\r\n\r\n" : "HTTP/1.1 204 No Content\r\n\r\n";
                default -> hex("00000001") + "x";
            };
        }

        private String found() {
            return switch (framing) {
                case "resp" -> direction == UP ? "PING" : "reply";
                case "http" -> direction == UP ? "GET" : "204";
                default -> "=x";
            };
        }

        /** From where on it is known how it goes on. */
        private int earliest() {
            return switch (framing) {
                case "resp" -> 4;
                case "http" -> first.indexOf("\r\n\r\n") + 4;
                default -> 4;
            };
        }
    }

    @ParameterizedTest
    @EnumSource
    void behind_a_message_that_is_not_waited_for_the_next_one_is_read(Abandoned message) {
        for (int come = message.earliest(); come < message.first.length(); come++) {
            for (int step : new int[] {1, 5, 1_000}) {
                assertThat(behindGivenUp(
                                message.framing, message.direction, message.first, come, message.second(), step))
                        .as("given up after %d, reads of %d", come, step)
                        .containsExactly(message.found());
            }
        }
    }

    @Test
    void a_long_line_ends_where_it_ends() {
        assertThat(behindGivenUp("line", UP, "set greeting HELLO WORLD\n", 13, "get greeting\n", 3))
                .containsExactly("get=get greeting");
    }

    @Test
    void the_rest_of_a_publication_is_no_message() {
        String first = Sample.publish(1) + Sample.header(1, 9) + Sample.body(1, "abc");
        String rest =
                Sample.body(1, "def") + hex("01" + "0002" + "00000004" + "0014000a" + "ce") + Sample.body(1, "ghi");
        int whole = first.length();
        for (int come : new int[] {whole, whole - 1, whole - 4, whole + 7, whole + 9}) {
            assertThat(behindGivenUp("amqp", UP, first + rest.substring(0, 11), come, rest.substring(11), 1))
                    .as("given up after %d", come)
                    .containsExactly("channel.open");
        }
    }

    @Test
    void content_between_frames_of_other_channels_is_left_alone() {
        Conversation conversation = Framers.named("amqp").open(true);
        byte[] bytes = bytes(Sample.publish(1)
                + hex("01" + "0002" + "00000004" + "0014000a" + "ce")
                + Sample.header(1, 1)
                + Sample.body(1, "x"));
        List<String> spared = new ArrayList<>();
        for (int from = 0; from < bytes.length; ) {
            Frame frame = conversation.next(
                    UP, ByteBuffer.wrap(bytes, from, bytes.length - from).slice(), 0);
            spared.add(frame.command() + ": " + frame.spared());
            from += frame.length();
        }
        assertThat(spared)
                .containsExactly(
                        "basic.publish: the content of a basic.publish comes in pieces between frames of other channels",
                        "channel.open: null",
                        "content-header: ",
                        "body: ");
    }

    @Test
    void a_request_whose_body_waits_for_an_answer_goes_on() {
        for (String body :
                List.of("Content-Length: 5\r\n\r\n|hello", "Transfer-Encoding: chunked\r\n\r\n|2\r\nhe\r\n0\r\n\r\n")) {
            Conversation conversation = Framers.named("http").open(true);
            String[] parts = ("POST /x HTTP/1.1\r\nExpect: 100-continue\r\n" + body).split("\\|", -1);
            assertThat(conversation.next(UP, ByteBuffer.wrap(bytes(parts[0])), 0))
                    .isEqualTo(Frame.spared(parts[0].length(), "a request whose body waits for 100 Continue"));
            assertThat(conversation
                            .next(DOWN, ByteBuffer.wrap(bytes("HTTP/1.1 100 Continue\r\n\r\n")), 0)
                            .command())
                    .isEqualTo("100");
            assertThat(conversation.next(UP, ByteBuffer.wrap(bytes(parts[1])), 0))
                    .isEqualTo(Frame.spared(parts[1].length(), ""));
            assertThat(conversation
                            .next(UP, ByteBuffer.wrap(bytes("GET / HTTP/1.1\r\n\r\n")), 0)
                            .command())
                    .isEqualTo("GET");
        }
    }

    @Test
    void the_answer_to_a_request_that_was_lost_does_not_come() {
        Conversation conversation = Framers.named("http").open(true);
        Frame lost = conversation.next(UP, ByteBuffer.wrap(bytes("GET / HTTP/1.1\r\n\r\n")), 0);
        conversation.altered(UP, lost, 0);
        conversation.next(UP, ByteBuffer.wrap(bytes("HEAD / HTTP/1.1\r\n\r\n")), 0);
        byte[] answer = bytes("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n");
        assertThat(conversation.next(DOWN, ByteBuffer.wrap(answer), 0)).isEqualTo(Frame.whole(answer.length, "200"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 101 Switching Protocols\r\n\r\n", "HTTP/1.1 200 Connected\r\n\r\n"})
    void behind_an_upgrade_nothing_is_waited_for(String answer) {
        Conversation conversation = Framers.named("http").open(true);
        conversation.next(UP, ByteBuffer.wrap(bytes("CONNECT a:1 HTTP/1.1\r\n\r\n")), 0);
        for (String said : List.of(answer, "\u0081\u0005hello")) {
            assertThatThrownBy(() -> conversation.next(DOWN, ByteBuffer.wrap(bytes(said)), 0))
                    .isInstanceOf(MalformedMessageException.class)
                    .hasMessage("the connection is upgraded to another protocol");
        }
        assertThatThrownBy(() -> conversation.next(UP, ByteBuffer.wrap(bytes("GET / HT")), 0))
                .isInstanceOf(MalformedMessageException.class);
    }

    @Test
    void every_content_length_is_changed_and_nothing_that_looks_like_one() {
        Conversation conversation = Framers.named("http").open(true);
        byte[] message = bytes(
                "POST / HTTP/1.1\r\ncontent-length : 5\r\nContent-Length-Hint: 7\r\nContent-Length: 5\r\n\r\nhello");
        Frame frame = conversation.next(UP, ByteBuffer.wrap(message), 0);
        assertThat(new String(conversation.replace(UP, message, frame, bytes("hell")), StandardCharsets.ISO_8859_1))
                .isEqualTo(
                        "POST / HTTP/1.1\r\nContent-Length: 4\r\nContent-Length-Hint: 7\r\nContent-Length: 4\r\n\r\nhell");
    }

    @Test
    void a_message_that_was_given_up_does_not_show_in_the_next() {
        Conversation conversation = Framers.named("resp").open(false);
        assertThat(conversation.next(DOWN, ByteBuffer.wrap(bytes("*3\r\n*2\r\n$4\r\nlong\r\n")), 0))
                .isNull();
        assertThat(conversation.next(DOWN, ByteBuffer.wrap(bytes("$1\r\na\r\n")), 0))
                .isEqualTo(new Frame(7, "reply", 4, 1));
    }

    // ---- answers

    /** What each message of the service is to the request that is marked, which is written in capitals behind an exclamation mark. */
    private static String answers(String framing, List<String> talk) {
        Conversation conversation = Framers.named(framing).open(false);
        StringBuilder answers = new StringBuilder();
        for (String each : talk) {
            Direction direction = each.startsWith("<") ? DOWN : UP;
            byte[] message = bytes(each.substring(1));
            for (int from = 0; from < message.length; ) {
                Frame frame = conversation.next(
                        direction,
                        ByteBuffer.wrap(message, from, message.length - from).slice(),
                        0);
                from += frame.length();
                if (each.startsWith("!")) {
                    conversation.mark();
                } else if (direction == DOWN) {
                    answers.append(conversation.answer(frame).name().charAt(0));
                }
            }
        }
        return answers.toString();
    }

    private static String postgresql(char type, String body) {
        return type + block(body.length() + 4) + body;
    }

    private static String block(int length) {
        return new String(ByteBuffer.allocate(4).putInt(length).array(), StandardCharsets.ISO_8859_1);
    }

    private static final String SYNC = postgresql('S', "");
    private static final String READY = postgresql('Z', "I");
    private static final String NOTICE = postgresql('N', "\0");

    @Test
    void postgresql_has_done_it_when_it_is_ready_again_after_an_execution() {
        String parse = postgresql('P', "s\0INSERT\0\0\0");
        String describe = postgresql('D', "Ss\0");
        String execute = postgresql('E', "\0\0\0\0\0");
        String prepared = postgresql('1', "") + postgresql('n', "");
        String done = postgresql('2', "") + postgresql('C', "INSERT 0 1\0");

        assertThat(answers("postgresql", List.of("!" + postgresql('Q', "INSERT\0"), "<" + NOTICE + done + READY)))
                .as("a notice goes on")
                .isEqualTo("APPW");
        assertThat(answers(
                        "postgresql",
                        List.of(
                                "!" + parse,
                                ">" + describe + SYNC,
                                "<" + prepared + READY,
                                ">" + execute + SYNC,
                                "<" + done + READY)))
                .as("only prepared at first")
                .isEqualTo("AAAPPW");
        assertThat(answers(
                        "postgresql",
                        List.of(
                                ">" + execute + SYNC,
                                "!" + parse,
                                ">" + execute + SYNC,
                                "<" + done + READY,
                                "<" + prepared + READY)))
                .as("sent ahead")
                .isEqualTo("AAAPPW");
        assertThat(answers(
                        "postgresql",
                        List.of(
                                "!" + postgresql('Q', "COPY\0"),
                                "<" + postgresql('G', "\0\0\0"),
                                ">" + postgresql('c', ""),
                                "<" + done + READY)))
                .as("it has to be told what to copy")
                .isEqualTo("APPW");
    }

    @Test
    void postgresql_passes_over_a_sync_while_it_is_told_what_to_copy() {
        String execute = postgresql('E', "\0\0\0\0\0");
        String copy = postgresql('G', "\0\0\0");
        String done = postgresql('C', "COPY 1\0");
        String query = postgresql('Q', "INSERT\0");

        assertThat(answers(
                        "postgresql",
                        List.of(
                                ">" + postgresql('Q', "COPY\0"),
                                "<" + copy,
                                ">" + postgresql('d', "x"),
                                "!" + postgresql('c', ""),
                                "<" + done + READY)))
                .as("the end of the copy is meant")
                .isEqualTo("APW");
        assertThat(answers(
                        "postgresql",
                        List.of(
                                ">" + execute + SYNC,
                                "<" + copy,
                                ">" + postgresql('c', "") + SYNC,
                                "<" + done + READY,
                                "!" + query,
                                "<" + done + READY)))
                .as("the next one is in step")
                .endsWith("PW");
    }

    @Test
    void what_redis_queues_is_done_by_exec() {
        assertThat(answers(
                        "resp",
                        List.of(
                                ">" + "MULTI\r\n",
                                "!" + "SET a b\r\n",
                                ">" + "GET a\r\n",
                                "<+OK\r\n+QUEUED\r\n+QUEUED\r\n",
                                ">EXEC\r\n",
                                "<*2\r\n+OK\r\n+b\r\n")))
                .isEqualTo("AAAW");
    }

    @Test
    void redis_has_done_it_when_it_replies_to_that_request() {
        String get = "*1\r\n$3\r\nGET\r\n";
        assertThat(answers("resp", List.of(">" + get + get, "!" + get, ">" + get, "<:1\r\n:2\r\n>1\r\n+x\r\n:3\r\n")))
                .isEqualTo("AAAW");
    }

    @Test
    void http_has_done_it_when_the_final_response_has_come() {
        String get = "GET / HTTP/1.1\r\n\r\n";
        assertThat(answers(
                        "http",
                        List.of(
                                ">" + get,
                                "!" + get,
                                "<HTTP/1.1 204 a\r\n\r\n",
                                "<HTTP/1.1 103 b\r\n\r\n",
                                "<HTTP/1.1 204 c\r\n\r\n")))
                .isEqualTo("AAW");
    }

    private static String method(int channel, String digits) {
        return hex("01" + "000" + channel + "000000%02x".formatted(digits.length() / 2) + digits + "ce");
    }

    private static String ack(int channel, int tag, boolean multiple) {
        return method(channel, "003c0050" + "%016x".formatted(tag) + (multiple ? "01" : "00"));
    }

    @Test
    void amqp_has_done_it_when_the_channel_confirms_that_publication() {
        String publish = Sample.publish(1) + Sample.header(1, 0);
        String deliver = method(1, "003c003c") + Sample.header(1, 0);
        String select = method(1, "0055000a");

        assertThat(answers(
                        "amqp",
                        List.of(
                                ">" + select + publish,
                                "!" + publish,
                                ">" + publish,
                                "<" + method(1, "0055000b") + deliver + ack(1, 1, false) + ack(2, 2, false)
                                        + ack(1, 3, false) + ack(1, 2, false))))
                .isEqualTo("AAAAAW");
        assertThat(answers("amqp", List.of(">" + select, "!" + publish, "<" + ack(1, 5, true))))
                .isEqualTo("W");
        assertThat(answers("amqp", List.of("!" + publish, "<" + method(2, "0032000b") + ack(1, 7, false))))
                .as("nobody knows from when on it counts")
                .isEqualTo("AW");
        assertThat(answers(
                        "amqp",
                        List.of(
                                "!" + method(1, "0032000a"),
                                "<" + method(2, "0032000b") + deliver + method(1, "0032000b"))))
                .isEqualTo("AAW");
    }

    @Test
    void a_method_has_the_name_that_the_protocol_gives_it() {
        Conversation conversation = Framers.named("amqp").open(true);
        List<String> names = new ArrayList<>();
        for (String method : List.of(
                "0032000a",
                "0032000b",
                "00280033",
                "00280028",
                "003c0048",
                "003c006f",
                "005a0014",
                "0055000b",
                "003c00ff")) {
            names.add(conversation
                    .next(UP, ByteBuffer.wrap(bytes(hex("01" + "0001" + "00000004" + method + "ce"))), 0)
                    .command());
        }
        assertThat(names)
                .containsExactly(
                        "queue.declare",
                        "queue.declare-ok",
                        "exchange.unbind-ok",
                        "exchange.unbind",
                        "basic.get-empty",
                        "basic.recover-ok",
                        "tx.commit",
                        "confirm.select-ok",
                        "basic.255");
    }

    @Test
    void what_is_told_of_it_is_one_line() {
        Conversation conversation = Framers.named("http").open(false);
        assertThatThrownBy(() -> conversation.next(UP, ByteBuffer.wrap(bytes("\0\1garbage\r\n")), 0))
                .hasMessage("\"??garbage??\" begins no request line");
    }

    @Test
    void what_is_encrypted_is_no_message() {
        Conversation conversation = Framers.named("postgresql").open(true);
        conversation.next(UP, ByteBuffer.wrap(bytes(hex("0000000804d2162f"))), 0);
        conversation.next(DOWN, ByteBuffer.wrap(bytes("S")), 0);
        assertThatThrownBy(() -> conversation.next(UP, ByteBuffer.wrap(bytes(hex("1603010000"))), 0))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessage("the connection is encrypted");
    }

    @Test
    void the_answer_to_HEAD_has_no_body() {
        Conversation conversation = Framers.named("http").open(true);
        conversation.next(UP, ByteBuffer.wrap(bytes("HEAD / HTTP/1.1\r\n\r\n")), 0);
        byte[] answer = bytes("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n");
        assertThat(conversation.next(DOWN, ByteBuffer.wrap(answer), 0)).isEqualTo(Frame.whole(answer.length, "200"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"length", "length:3", "length:4,big", "mqtt"})
    void an_unknown_framing_is_refused(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Framers.named(name))
                .withMessageStartingWith("framing \"" + name + "\" ")
                .withMessageContaining("allowed")
                .withMessageContaining("length:N[,le][,inclusive][,at=N]");
    }
}
