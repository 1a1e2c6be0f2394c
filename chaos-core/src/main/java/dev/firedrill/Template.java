package dev.firedrill;

import java.net.InetSocketAddress;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Addresses in a text of the user's. */
final class Template {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{(host|port)(?::(\\d{1,5}))?}");
    private static final Pattern NAME = Pattern.compile("\\{[A-Za-z][\\w.:-]*}");
    private static final Pattern PORT = Pattern.compile("\\{port(?::\\d{1,5})?}");

    private Template() {}

    static String fill(String template, Node node, String caller) {
        check(template, node.service());
        return PLACEHOLDER.matcher(template).replaceAll(match -> Matcher.quoteReplacement(value(match, node, caller)));
    }

    /** Touches nothing. */
    static void check(String template, Service service) {
        checkNames(template, service);
        if (!PORT.matcher(template).find()) {
            throw new IllegalArgumentException("template \"" + template + "\" for service " + service.name()
                    + " has no {port}; write for example \"jdbc:postgresql://{host}:{port}/shop\"");
        }
        PLACEHOLDER
                .matcher(template)
                .results()
                .map(match -> port(match, service))
                .forEach(port -> {
                    if (!service.ports().contains(port)) {
                        throw new IllegalArgumentException("template \"" + template + "\": service " + service.name()
                                + " has no port " + port + "; its ports are " + service.ports());
                    }
                });
    }

    /** What is spelt wrong would stay in the text, unseen. */
    private static void checkNames(String template, Service service) {
        NAME.matcher(template)
                .results()
                .map(MatchResult::group)
                .filter(name -> !PLACEHOLDER.matcher(name).matches())
                .findFirst()
                .ifPresent(name -> {
                    throw new IllegalArgumentException("template \"" + template + "\" for service " + service.name()
                            + ": " + name
                            + " is unknown; allowed are {host}, {port} and, of several ports, such as {port:"
                            + (service.ports().isEmpty() ? 80 : service.ports().get(0)) + "}");
                });
    }

    private static int port(MatchResult match, Service service) {
        if (match.group(2) != null) {
            return Integer.parseInt(match.group(2));
        }
        // all links of a node have the same host
        return match.group(1).equals("host") && !service.ports().isEmpty()
                ? service.ports().get(0)
                : service.onlyPort();
    }

    private static String value(MatchResult match, Node node, String caller) {
        InetSocketAddress address =
                node.link(caller, port(match, node.service())).address();
        return match.group(1).equals("host") ? address.getHostString() : String.valueOf(address.getPort());
    }
}
