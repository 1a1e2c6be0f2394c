package dev.firedrill.internal.process;

import dev.firedrill.LocalProcess;
import java.util.Collection;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What stands between braces in a command. */
final class Placeholders {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([A-Za-z0-9_][A-Za-z0-9_.-]*)(?::(\\d{1,5}))?}");

    private Placeholders() {}

    static void validate(String node, LocalProcess spec, Collection<String> services) {
        Stream.concat(spec.command().stream(), spec.environment().values().stream())
                .flatMap(text -> PLACEHOLDER.matcher(text).results())
                .forEach(match -> validate(node, spec, services, match));
    }

    private static void validate(String node, LocalProcess spec, Collection<String> services, MatchResult match) {
        String name = match.group(1);
        if (name.equals("port")) {
            if (match.group(2) == null && spec.ports().size() != 1) {
                throw new IllegalArgumentException(
                        node + ": {port} in the command stands for its only port, but it has "
                                + (spec.ports().isEmpty() ? "none" : spec.ports())
                                + "; name the port with ports(...), or write {port:NUMBER}");
            }
            if (match.group(2) != null && !spec.ports().contains(Integer.valueOf(match.group(2)))) {
                throw new IllegalArgumentException(
                        node + ": {port:" + match.group(2) + "} in the command is none of its ports " + spec.ports());
            }
        } else if (!name.equals("dir") && !services.contains(name)) {
            throw new IllegalArgumentException(
                    node + ": " + match.group() + " in the command is no placeholder; there are"
                            + " {port}, {dir} and the services declared before it: " + new TreeSet<>(services));
        }
    }

    static boolean uses(LocalProcess spec, int port) {
        return Stream.concat(spec.command().stream(), spec.environment().values().stream())
                .anyMatch(text ->
                        text.contains("{port:" + port + "}") || (spec.ports().size() == 1 && text.contains("{port}")));
    }

    static String fill(String text, Map<String, String> values) {
        return PLACEHOLDER
                .matcher(text)
                .replaceAll(match -> Matcher.quoteReplacement(values.getOrDefault(
                        match.group().substring(1, match.group().length() - 1), match.group())));
    }
}
