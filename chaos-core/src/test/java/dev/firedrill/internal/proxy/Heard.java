package dev.firedrill.internal.proxy;

import dev.firedrill.internal.proxy.Peer.Ending;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * What came over a connection.
 *
 * @param pieces how many reads found something
 * @param time when the last of it came, or the end
 * @param end empty if it was enough, or nothing came any more
 */
record Heard(String text, int pieces, Duration time, Optional<Ending> end) {

    /** Hears until it is enough, the connection ends, or nothing comes for some time. */
    static Heard of(Peer peer, Elapsed since, Duration patience, Predicate<StringBuilder> enough) throws IOException {
        StringBuilder text = new StringBuilder();
        byte[] buffer = new byte[1 << 16];
        int pieces = 0;
        Duration last = Duration.ZERO;
        peer.waits(patience);
        Optional<Ending> end = Optional.empty();
        try {
            while (!enough.test(text)) {
                int length = peer.input().read(buffer);
                last = since.time();
                if (length < 0) {
                    end = Optional.of(Ending.FIN);
                    break;
                }
                pieces++;
                text.append(new String(buffer, 0, length, StandardCharsets.US_ASCII));
            }
        } catch (SocketTimeoutException e) {
            end = Optional.empty();
        } catch (SocketException e) {
            last = since.time();
            end = Optional.of(ending(e));
        }
        return new Heard(text.toString(), pieces, last, end);
    }

    /** A reset that is found while something is sent is not found again while something is read. */
    static Optional<Ending> say(Peer caller, String line) throws IOException {
        try {
            caller.send(line + "\n");
            return Optional.empty();
        } catch (SocketException e) {
            return ending(e) == Ending.RST ? Optional.of(Ending.RST) : Optional.empty();
        }
    }

    /** A pipe breaks at somebody who sends on after an end in good order. */
    static Ending ending(SocketException e) throws SocketException {
        return List.of("Broken pipe", "Socket closed").contains(e.getMessage()) ? Ending.FIN : Peer.ending(e);
    }

    boolean isLater(Duration than) {
        return time.compareTo(than) >= 0;
    }

    /** What became of the lines that should have come, up to the last one that came; empty for nothing. */
    String change(int from) {
        List<String> lines =
                text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
        List<Integer> numbers =
                lines.stream().filter(Heard::isLine).map(Heard::number).toList();
        TreeSet<Integer> sorted = new TreeSet<>(numbers);
        if (numbers.size() < lines.size()) {
            return "a message changed";
        }
        if (sorted.size() < numbers.size()) {
            return "a message twice";
        }
        if (!sorted.isEmpty() && sorted.last() - from + 1 > sorted.size()) {
            return "a message lost";
        }
        return List.copyOf(sorted).equals(numbers) ? "" : "a message overtaken";
    }

    private static boolean isLine(String text) {
        return text.matches("\\d{7} .*") && Teller.line(number(text)).equals(text + "\n");
    }

    static int number(String line) {
        return Integer.parseInt(line.substring(0, 7));
    }
}
