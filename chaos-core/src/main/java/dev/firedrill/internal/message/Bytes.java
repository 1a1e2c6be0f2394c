package dev.firedrill.internal.message;

import dev.firedrill.spi.Framer.Match;
import dev.firedrill.spi.MalformedMessageException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** What framers need to read text in bytes; offsets count from the buffer's position. */
final class Bytes {

    private static final int LONGEST_NUMBER = 18;
    private static final int LONGEST_QUOTE = 40;

    private Bytes() {}

    static int at(ByteBuffer bytes, int offset) {
        return bytes.get(bytes.position() + offset) & 0xFF;
    }

    /** Where a line ends, without its end; -1 if it has none yet. */
    static int endOfLine(ByteBuffer bytes, int from) {
        for (int i = from; i + 1 < bytes.remaining(); i++) {
            if (at(bytes, i) == '\r' && at(bytes, i + 1) == '\n') {
                return i;
            }
        }
        return -1;
    }

    static String text(ByteBuffer bytes, int from, int to) {
        byte[] copy = new byte[to - from];
        bytes.get(bytes.position() + from, copy);
        return new String(copy, StandardCharsets.ISO_8859_1);
    }

    /** Of what a peer has said, as much as a log can take in one line. */
    static String quoted(String text) {
        return '"' + text.substring(0, Math.min(LONGEST_QUOTE, text.length())).replaceAll("[^ -~]", "?") + '"';
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** A decimal number, or -1 as it stands for null in some protocols. */
    static long number(ByteBuffer bytes, int from, int to, String what) {
        long plain = digits(bytes, from, to, 10, LONGEST_NUMBER);
        if (plain >= 0) {
            return plain;
        }
        String text = text(bytes, from, to).strip();
        if (text.equals("-1")) {
            return -1;
        }
        if (text.isEmpty() || text.length() > LONGEST_NUMBER || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new MalformedMessageException(what + " " + quoted(text) + " is no number");
        }
        return Long.parseLong(text);
    }

    /** A number of nothing but digits; -1 if it is something else. */
    static long digits(ByteBuffer bytes, int from, int to, int radix, int most) {
        if (from == to || to - from > most) {
            return -1;
        }
        long number = 0;
        for (int i = from; i < to; i++) {
            int digit = Character.digit(at(bytes, i), radix);
            if (digit < 0) {
                return -1;
            }
            number = radix * number + digit;
        }
        return number;
    }

    /** Says whether bytes begin with others. */
    static Match begin(ByteBuffer bytes, byte[] with) {
        for (int i = 0; i < with.length; i++) {
            if (i == bytes.remaining()) {
                return Match.MORE;
            }
            if (bytes.get(bytes.position() + i) != with[i]) {
                return Match.NO;
            }
        }
        return Match.YES;
    }

    /** A copy in which a part is replaced. */
    static byte[] replaced(byte[] message, int from, int length, byte[] by) {
        byte[] changed = new byte[message.length - length + by.length];
        System.arraycopy(message, 0, changed, 0, from);
        System.arraycopy(by, 0, changed, from, by.length);
        System.arraycopy(message, from + length, changed, from + by.length, message.length - from - length);
        return changed;
    }
}
