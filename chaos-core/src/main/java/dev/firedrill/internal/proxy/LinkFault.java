package dev.firedrill.internal.proxy;

import dev.firedrill.spi.Draw;

/** What is in force on one link. Confined to the io thread once it is. */
abstract class LinkFault {

    /** Its place on the way from client to server: a fault that is declared first stands first, whenever it begins. */
    abstract int place();

    /** Which candidates are hit. */
    abstract Draw draw();

    /** It has touched something on a connection. */
    abstract void touched(Connection connection);

    /** How messages are told from others; asked of faults of messages only. */
    abstract Protocol protocol();

    /** Something passed that could not be read as messages. */
    void unread(String what) {}

    /** Says whether it turns a new connection away. */
    boolean refuses(Connection connection) {
        return false;
    }

    /** Says whether it leaves a connection alone for now, and only remembers what it has counted. */
    boolean spares(Connection connection) {
        return false;
    }

    /** Says whether the end of a direction is lost together with its bytes. */
    boolean swallowsEnds() {
        return true;
    }

    /** Says whether a reset that is to come swallows what its direction still says. */
    boolean swallowsUntilReset() {
        return false;
    }

    /** Says whether a connection is to end in good order when it is healed. */
    boolean endsWhenHealed(Connection connection) {
        return false;
    }

    /** For how many nanoseconds it makes a new connection wait. */
    long keepsWaiting(Connection connection) {
        return 0;
    }

    /** Its stages on a connection that is new, or on which it is new. */
    abstract Kinds.Stages stages(Connection connection);
}
