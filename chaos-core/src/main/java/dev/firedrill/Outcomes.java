package dev.firedrill;

import dev.firedrill.history.Operation.Outcome;
import java.io.EOFException;
import java.io.InterruptedIOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** What a caller knows of an operation from its exception: that it failed, or nothing. */
final class Outcomes {

    /** SQL states of class 08 in which nothing was sent: the connection could not be made, or was turned down. */
    private static final Set<String> NEVER_CONNECTED = Set.of("08001", "08004");

    /** A chain of causes may be a circle. */
    private static final int MAX_CAUSES = 50;

    private Outcomes() {}

    static Outcome of(@Nullable Throwable failure) {
        Throwable each = failure;
        for (int i = 0; each != null && i < MAX_CAUSES; i++) {
            if (isTimeout(each) || isLostConnection(each) || isGivenUp(each)) {
                return Outcome.UNKNOWN;
            }
            each = each.getCause();
        }
        return failure == null ? Outcome.OK : Outcome.FAILED;
    }

    private static boolean isTimeout(Throwable failure) {
        return failure instanceof TimeoutException
                || failure instanceof InterruptedIOException // SocketTimeoutException is one
                || failure instanceof SQLTimeoutException
                || failure instanceof HttpTimeoutException
                // drivers and clients have classes of their own, which are known by their names only
                || failure.getClass().getSimpleName().endsWith("TimeoutException");
    }

    private static boolean isGivenUp(Throwable failure) {
        return failure instanceof InterruptedException || failure instanceof CancellationException;
    }

    /** The request may have arrived, and so may what it asked for: the answer was lost with the connection. */
    private static boolean isLostConnection(Throwable failure) {
        if (failure instanceof SocketException) {
            return !(failure instanceof ConnectException
                    || failure instanceof NoRouteToHostException
                    || failure instanceof BindException);
        }
        if (failure instanceof SQLException sql) {
            String state = sql.getSQLState();
            return state != null && state.startsWith("08") && !NEVER_CONNECTED.contains(state);
        }
        return failure instanceof EOFException || failure instanceof ClosedChannelException;
    }
}
