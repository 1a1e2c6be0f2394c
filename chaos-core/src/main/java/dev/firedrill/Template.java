package dev.firedrill;

import java.net.InetSocketAddress;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Addresses in a text of the user's. */
final class Template {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{(host|port)(?::(\\d{1,5}))?}");
    private static final Pattern PORT = Pattern.compile("\\{port(?::\\d{1,5})?}");

    private Template() {}

    static String fill(String template, Node node, String caller) {
        check(template, node.service().name());
        return PLACEHOLDER.matcher(template).replaceAll(match -> Matcher.quoteReplacement(value(match, node, caller)));
    }

    static void check(String template, String service) {
        if (!PORT.matcher(template).find()) {
            throw new IllegalArgumentException("template \"" + template + "\" for service " + service
                    + " has no {port}; write for example \"jdbc:postgresql://{host}:{port}/shop\"");
        }
    }

    private static String value(MatchResult match, Node node, String caller) {
        int port = match.group(2) == null ? node.service().onlyPort() : Integer.parseInt(match.group(2));
        InetSocketAddress address = node.link(caller, port).address();
        return match.group(1).equals("host") ? address.getHostString() : String.valueOf(address.getPort());
    }
}
