package dev.firedrill;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where a fault acts: a selection of links or nodes, resolved when the fault is injected.
 *
 * <p>Whether a name means links or nodes follows from the fault.
 *
 * @param parts the selections, all of which are meant
 * @since 0.1
 */
public record Target(List<Part> parts) {

    private static final Pattern TEXT =
            Pattern.compile("(?:([\\w.-]+?)\\s*->\\s*)?([\\w.-]+)(?:\\[(\\d{1,4}|any|\\*)])?(?::(\\d{1,5}))?");

    /**
     * Checks the argument.
     *
     * @throws IllegalArgumentException if there is no part
     */
    public Target {
        parts = List.copyOf(parts);
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("target: it is empty; name a service such as \"redis\"");
        }
    }

    /**
     * One selection.
     *
     * @param caller only links from this caller: {@code test} or the name of a service; null for all callers
     * @param service the service's name
     * @param node the index of a node, {@code any} for one drawn by the seed, {@code *} for all
     * @param port only links to this port; 0 for all
     * @since 0.1
     */
    public record Part(@Nullable String caller, String service, String node, int port) {

        @Override
        public String toString() {
            return (caller == null ? "" : caller + "->")
                    + service
                    + (node.equals("*") ? "" : "[" + node + "]")
                    + (port == 0 ? "" : ":" + port);
        }
    }

    /**
     * Reads a target: {@code redis} (all links into it, or all its nodes), {@code rabbit:15672} (one port), {@code
     * orders->redis} (one caller's links), {@code pg[1]} (one node), {@code pg[any]} (one drawn by the seed), several joined
     * by commas.
     *
     * @param text the target
     * @return the target
     * @throws IllegalArgumentException if the text is of another form
     */
    public static Target parse(String text) {
        return new Target(Arrays.stream(text.split(",", -1))
                .map(part -> part(text, part.strip()))
                .toList());
    }

    private static Part part(String whole, String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "target \"" + whole + "\" is not of the form service, service:port,"
                            + " caller->service, service[0] or service[any], several joined by commas; write for example \"redis\"");
        }
        return new Part(
                matcher.group(1),
                matcher.group(2),
                matcher.group(3) == null ? "*" : matcher.group(3),
                matcher.group(4) == null ? 0 : Integer.parseInt(matcher.group(4)));
    }

    /**
     * All links into a service, or all its nodes.
     *
     * @param service the service
     * @return the target
     */
    public static Target of(Service service) {
        return new Target(List.of(new Part(null, service.name(), "*", 0)));
    }

    /**
     * All links into a node, or the node.
     *
     * @param node the node
     * @return the target
     */
    public static Target of(Node node) {
        return new Target(List.of(new Part(null, node.service().name(), String.valueOf(node.index()), 0)));
    }

    /**
     * One link.
     *
     * @param link the link
     * @return the target
     */
    public static Target of(Link link) {
        return new Target(List.of(new Part(
                link.caller(),
                link.node().service().name(),
                String.valueOf(link.node().index()),
                link.port())));
    }

    @Override
    public String toString() {
        return parts.stream().map(Part::toString).collect(Collectors.joining(", "));
    }
}
