package dev.firedrill.spi;

import dev.firedrill.fault.Direction;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Knows where the messages of a protocol begin and end, and which part of one may change without anybody noticing by its
 * framing.
 *
 * <p>The embedded engine's message faults use it. Framers of one's own are found by {@link java.util.ServiceLoader}; they need
 * a public constructor without parameters. Implementations must be safe for concurrent use; a {@link Conversation} is used by
 * one thread.
 *
 * @since 0.1
 */
public interface Framer {

    /**
     * The name by which a fault asks for it.
     *
     * @return in lower case, such as {@code resp}
     */
    String name();

    /**
     * Says whether a connection speaks this protocol.
     *
     * @param first what the caller said first, a few bytes at least unless it said less; read-only
     * @return {@link Match#MORE} only as long as more bytes can turn it into {@link Match#YES}
     */
    Match match(ByteBuffer first);

    /**
     * Begins to follow a connection.
     *
     * @param fromStart whether its first bytes are still to come; otherwise it has been in use for a while, and each
     *     direction begins with a message
     * @return what follows it
     */
    Conversation open(boolean fromStart);

    /**
     * What the first bytes say.
     *
     * @since 0.1
     */
    enum Match {
        /** It is this protocol. */
        YES,
        /** It is not. */
        NO,
        /** It may be. */
        MORE
    }

    /**
     * What a message of the service is to a request.
     *
     * @since 0.1
     */
    enum Answer {
        /** It answers something else, or nothing: a notice, a push, what an earlier request asked for. */
        ASIDE,
        /** It belongs to the answer, and more is to come. */
        PART,
        /** It is the answer, or its end. */
        WHOLE
    }

    /**
     * Both directions of one connection: what one side said may decide how the other's answer is read.
     *
     * @since 0.1
     */
    interface Conversation {

        /**
         * Cuts the next message off.
         *
         * @param direction who speaks
         * @param bytes from the message's first byte on, as far as they have come; read-only, and valid during the call only
         * @param seen how many of these bytes were there the last time, when the message was not complete; 0 if it is new
         * @return the message; null if it is not complete
         * @throws MalformedMessageException if that is no message of the protocol; what follows is not looked at any more
         */
        @Nullable
        Frame next(Direction direction, ByteBuffer bytes, int seen);

        /**
         * Waits no longer for the message that {@link #next} last called incomplete: it is too long, or does not come. It passes
         * unharmed.
         *
         * @param direction who speaks
         * @param bytes from the message's first byte on, as far as they have come; read-only, and valid during the call only
         * @return after how many bytes from the message's first one {@link #next} is to be asked again, which may be more than have
         *     come: behind the message, or within it at a place from where {@link #next} tells the {@linkplain Frame#spared rest}
         *     bit by bit; 0 if that can't be told, and then nothing more is read of that direction
         */
        default long giveUp(Direction direction, ByteBuffer bytes) {
            return 0;
        }

        /**
         * Says whether what {@link #next} tells now is the rest of a message that was {@linkplain #giveUp given up}.
         *
         * @param direction who speaks
         * @return false as soon as that message is over
         */
        default boolean isWithinGivenUp(Direction direction) {
            return false;
        }

        /**
         * A message that {@link #next} has just cut off does not go on once, as others do.
         *
         * @param direction who speaks
         * @param frame what {@link #next} returned
         * @param copies 0 if a fault has lost it, 2 if one has doubled it
         */
        default void altered(Direction direction, Frame frame, int copies) {}

        /**
         * What selects the message that {@link #next} last called incomplete, if it can be told already. A message that no fault
         * means is not held until the rest has come.
         *
         * @param direction who speaks
         * @return the command; empty if it is not known yet
         */
        default String begun(Direction direction) {
            return "";
        }

        /** The request that {@link #next} has just cut off is the one whose answer is asked for from now on. */
        default void mark() {}

        /**
         * What a message of the service, which {@link #next} has just cut off or {@link #giveUp} has given up, is to the {@linkplain
         * #mark marked} request.
         *
         * @param frame what {@link #next} returned; of one that is given up, one of the command that {@link #begun} told
         * @return {@link Answer#WHOLE} as soon as the service has done what the request asks for, and says so
         */
        default Answer answer(Frame frame) {
            return Answer.WHOLE;
        }

        /**
         * The message with another payload, in valid framing.
         *
         * @param direction who speaks
         * @param message the bytes of a message that {@link #next} has cut off
         * @param frame what it returned
         * @param payload what replaces the payload; it may be shorter
         * @return the bytes of the changed message
         */
        byte[] replace(Direction direction, byte[] message, Frame frame, byte[] payload);
    }

    /**
     * One message.
     *
     * @param length its bytes
     * @param command what selects it, such as {@code SET}, {@code DataRow}, {@code POST} or {@code basic.publish}; empty if
     *     the protocol has no such thing
     * @param payload where the part begins that may change
     * @param payloadLength its length; 0 if no part may change
     * @param spared null, or why no fault may touch it: one sentence's end for the report, empty where there is nothing to tell
     * @since 0.1
     */
    record Frame(
            int length,
            String command,
            int payload,
            int payloadLength,
            @Nullable String spared) {

        /**
         * A message that faults may touch.
         *
         * @param length its bytes
         * @param command what selects it
         * @param payload where the part begins that may change
         * @param payloadLength its length; 0 if no part may change
         */
        public Frame(int length, String command, int payload, int payloadLength) {
            this(length, command, payload, payloadLength, null);
        }

        /**
         * A message of which no part may change.
         *
         * @param length its bytes
         * @param command what selects it
         * @return the frame
         */
        public static Frame whole(int length, String command) {
            return new Frame(length, command, 0, 0);
        }

        /**
         * What no fault may touch: a part of a message, whose other parts have gone on.
         *
         * @param length its bytes
         * @param why for the report; empty where there is nothing to tell
         * @return the frame
         */
        public static Frame spared(int length, String why) {
            return new Frame(length, "", 0, 0, why);
        }
    }
}
