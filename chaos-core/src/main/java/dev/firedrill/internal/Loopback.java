package dev.firedrill.internal;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** 127.0.0.1 by number: what the system calls its loopback may be an address of IPv6, where our servers do not listen. */
public final class Loopback {

    /** The address as text. */
    public static final String NUMBER = "127.0.0.1";

    private Loopback() {}

    /**
     * A port of it.
     *
     * @param port 0 for one that the kernel chooses
     * @return the address
     */
    public static InetSocketAddress at(int port) {
        try {
            return new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }
}
