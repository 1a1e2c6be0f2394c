package dev.firedrill.internal.message;

import dev.firedrill.spi.Framer.Frame;
import dev.firedrill.spi.MalformedMessageException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A body, of a length that is known or in chunks, of which the longest is the payload. What has been read of one that is not
 * complete is not read again: it may be a stream of events.
 */
final class HttpBody {

    private static final int LONGEST_SIZE = 8;

    private String command = "";
    private long end; // of one without chunks
    private boolean chunked;
    private long left; // of one that has no chunks, and whose head has gone on
    private boolean inChunks; // of which some have gone on
    private int at;
    private int longest;
    private int longestLength;

    /** Of what message it is; empty if that is not known yet. */
    void of(String message) {
        command = message;
    }

    String command() {
        return command;
    }

    void begin(int head) {
        chunked = false;
        end = head;
        at = head;
        longest = 0;
        longestLength = 0;
    }

    @Nullable
    Frame plain(ByteBuffer bytes, int head, long length) {
        end = head + length;
        return end > bytes.remaining() ? null : new Frame((int) end, command, head, (int) length);
    }

    boolean isGivenUp() {
        return left > 0 || inChunks;
    }

    /** The head goes on, the rest comes later. */
    void await(int head) {
        inChunks = chunked;
        left = chunked ? 0 : end - head;
        at = 0;
    }

    /** Goes on behind what has been read, or behind the chunk that is coming. */
    long giveUp(ByteBuffer bytes) {
        if (!chunked) {
            return end;
        }
        int line = Bytes.endOfLine(bytes, at);
        long size = line < 0 ? 0 : size(bytes, at, line);
        long behind = size == 0 ? at : line + 2 + size + 2;
        inChunks = behind > 0;
        at = 0;
        return behind;
    }

    /** Of what is given up. */
    @Nullable
    Frame rest(ByteBuffer bytes) {
        if (left > 0) {
            int length = (int) Math.min(left, bytes.remaining());
            left -= length;
            return length == 0 ? null : Frame.spared(length, "");
        }
        inChunks = false;
        Frame last = chunks(bytes);
        inChunks = last == null;
        int length = last == null ? at : last.length();
        at = 0;
        if (length == 0) {
            long chunk = giveUp(bytes);
            length = chunk == 0 ? 0 : bytes.remaining(); // goes on as it comes
            left = chunk - length;
            inChunks = true;
        }
        return length == 0 ? null : Frame.spared(length, "");
    }

    @Nullable
    Frame chunks(ByteBuffer bytes) {
        chunked = true;
        while (true) {
            int line = Bytes.endOfLine(bytes, at);
            if (line < 0) {
                return null;
            }
            long size = size(bytes, at, line);
            if (size == 0) {
                int behind = behindTrailer(bytes, line + 2);
                return behind < 0 ? null : new Frame(behind, command, longest, longestLength);
            }
            long next = line + 2 + size + 2;
            if (next > bytes.remaining()) {
                return null;
            }
            if (size > longestLength) {
                longest = line + 2;
                longestLength = (int) size;
            }
            at = (int) next;
        }
    }

    private static int behindTrailer(ByteBuffer bytes, int from) {
        int line = from;
        while (true) {
            int end = Bytes.endOfLine(bytes, line);
            if (end < 0 || end == line) {
                return end < 0 ? -1 : end + 2;
            }
            line = end + 2;
        }
    }

    private static long size(ByteBuffer bytes, int from, int to) {
        long plain = Bytes.digits(bytes, from, to, 16, LONGEST_SIZE);
        if (plain >= 0) {
            return plain;
        }
        String line = Bytes.text(bytes, from, to);
        String digits = line.split(";", 2)[0].strip();
        if (!digits.matches("[0-9a-fA-F]{1,8}")) {
            throw new MalformedMessageException("a chunk of the size " + Bytes.quoted(line));
        }
        return Long.parseLong(digits, 16);
    }
}
