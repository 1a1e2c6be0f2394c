package dev.firedrill.internal.proxy;

import dev.firedrill.schedule.Chance;
import java.util.Arrays;

/** How a payload changes: text stays text, so that whoever reads it takes it for good. */
final class Corruption {

    private static final int HIGHEST_ASCII_BIT = 6;

    private Corruption() {}

    /**
     * With one bit of one byte turned: of an ASCII character, if there is one that stays printable by it.
     */
    static byte[] flipped(byte[] payload, Chance chance) {
        byte[] changed = payload.clone();
        int start = chance.at("byte").below(payload.length);
        int bit = chance.at("bit").below(8);
        for (int i = 0; i < payload.length; i++) {
            int at = (start + i) % payload.length;
            for (int j = 0; j <= HIGHEST_ASCII_BIT; j++) {
                int mask = 1 << (bit + j) % (HIGHEST_ASCII_BIT + 1);
                if (isPrintable(payload[at]) && isPrintable(payload[at] ^ mask)) {
                    changed[at] = (byte) (payload[at] ^ mask);
                    return changed;
                }
            }
        }
        changed[start] = (byte) (payload[start] ^ 1 << bit);
        return changed;
    }

    /** Shorter by a byte at least, and not cut within a character of UTF-8. */
    static byte[] truncated(byte[] payload, Chance chance) {
        int length = chance.at("length").below(payload.length);
        while (length > 0 && (payload[length] & 0xC0) == 0x80) {
            length--;
        }
        return Arrays.copyOf(payload, length);
    }

    /** Every letter and digit by another of its kind; every byte, if there are none. */
    static byte[] garbled(byte[] payload, Chance chance) {
        byte[] changed = payload.clone();
        boolean text = false;
        for (int i = 0; i < payload.length; i++) {
            int base = base(payload[i]);
            if (base != 0) {
                int size = base == '0' ? 10 : 26;
                int shift = 1 + (int) (chance.uniform(i) * (size - 1));
                changed[i] = (byte) (base + (payload[i] - base + shift) % size);
                text = true;
            }
        }
        for (int i = 0; i < payload.length && !text; i++) {
            changed[i] = (byte) (payload[i] ^ 1 + (int) (chance.uniform(i) * 255));
        }
        return changed;
    }

    private static int base(byte each) {
        if (each >= '0' && each <= '9') {
            return '0';
        }
        if (each >= 'a' && each <= 'z') {
            return 'a';
        }
        return each >= 'A' && each <= 'Z' ? 'A' : 0;
    }

    private static boolean isPrintable(int each) {
        return each >= ' ' && each <= '~';
    }
}
