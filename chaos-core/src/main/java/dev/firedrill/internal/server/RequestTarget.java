package dev.firedrill.internal.server;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a request is for: {@code /version?x=y}, or {@code http://localhost:8474/version?x=y} from a client that takes the server
 * for a proxy.
 *
 * @param host with its port, if there is one; empty if none is named
 * @param path without the query
 */
record RequestTarget(String host, String path) {

    private static final Pattern ABSOLUTE =
            Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#]*@)?(?<host>[^/?#@]*)(?<rest>.*)");

    static RequestTarget of(String uri) {
        Matcher absolute = ABSOLUTE.matcher(uri);
        if (!absolute.matches()) {
            return new RequestTarget("", withoutQuery(uri));
        }
        String path = withoutQuery(absolute.group("rest"));
        return new RequestTarget(absolute.group("host"), path.isEmpty() ? "/" : path);
    }

    private static String withoutQuery(String uri) {
        int query = uri.indexOf('?');
        return query < 0 ? uri : uri.substring(0, query);
    }
}
