package dev.firedrill;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The settings that users give as text. */
final class Settings {

    private static final Pattern HOST_AND_PORT = Pattern.compile("([A-Za-z0-9_.-]+):(\\d{1,5})");
    private static final String PROFILE = "chaos.profile";
    private static final List<String> NAMES = List.of(
            "chaos.enabled",
            "chaos.engine",
            PROFILE,
            "chaos.replay",
            "chaos.report.dir",
            "chaos.seed",
            "chaos.toxiproxy");

    static final String AUTO = "auto";
    static final String EMBEDDED = "embedded";
    static final String TOXIPROXY = "toxiproxy";

    private Settings() {}

    /** What is given directly wins over what the profile gives. */
    static void apply(Function<String, @Nullable String> source, Chaos.Builder to) {
        Properties profile = profile(trimmed(source.apply(PROFILE)));
        Function<String, @Nullable String> given = name -> trimmed(source.apply(name));
        Function<String, @Nullable String> usual = name -> trimmed(profile.getProperty(name));
        Function<String, @Nullable String> all =
                name -> given.apply(name) != null ? given.apply(name) : usual.apply(name);
        enabled(all.apply("chaos.enabled"), to);
        engine(all.apply("chaos.engine"), all.apply("chaos.toxiproxy"), to);
        Path reports = path("chaos.report.dir", all.apply("chaos.report.dir"));
        if (reports != null) {
            to.reports(reports);
        }
        // one of them given directly takes the place of either in the profile
        if (!repeat(given, to)) {
            repeat(usual, to);
        }
    }

    /** Returns false if neither a seed nor a report is given. */
    private static boolean repeat(Function<String, @Nullable String> source, Chaos.Builder to) {
        String seed = source.apply("chaos.seed");
        Path replay = path("chaos.replay", source.apply("chaos.replay"));
        if (seed != null && replay != null) {
            throw new IllegalArgumentException("chaos.replay \"" + replay + "\" and chaos.seed \"" + seed
                    + "\" exclude each other: a report has a seed of its own; remove one of them");
        }
        if (seed != null) {
            to.seed(seed(seed));
        }
        if (replay != null) {
            to.replay(replay);
        }
        return seed != null || replay != null;
    }

    private static @Nullable String trimmed(@Nullable String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }

    private static void enabled(@Nullable String text, Chaos.Builder to) {
        if (text == null) {
            return;
        }
        if (!text.equals("true") && !text.equals("false")) {
            throw new IllegalArgumentException("chaos.enabled \"" + text
                    + "\" is neither true nor false; write -Dchaos.enabled=false to skip every test with a fault");
        }
        to.enabled = text.equals("true");
    }

    private static void engine(@Nullable String text, @Nullable String toxiproxy, Chaos.Builder to) {
        if (text != null && !List.of(AUTO, EMBEDDED, TOXIPROXY).contains(text)) {
            throw new IllegalArgumentException(
                    "chaos.engine \"" + text + "\" is unknown; allowed are auto (the default), embedded and toxiproxy");
        }
        if (text != null) {
            to.network = text;
        }
        if (toxiproxy == null) {
            return;
        }
        if (to.network.equals(EMBEDDED)) {
            throw new IllegalArgumentException("chaos.toxiproxy \"" + toxiproxy
                    + "\" and chaos.engine \"embedded\" exclude each other: with that engine nothing passes through a"
                    + " Toxiproxy; remove one of them");
        }
        Matcher matcher = HOST_AND_PORT.matcher(toxiproxy);
        int port = matcher.matches() ? Integer.parseInt(matcher.group(2)) : 0;
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("chaos.toxiproxy \"" + toxiproxy
                    + "\" is not of the form host:port; give where the API of a running Toxiproxy answers, such as"
                    + " -Dchaos.toxiproxy=localhost:8474");
        }
        to.toxiproxy = InetSocketAddress.createUnresolved(matcher.group(1), port);
    }

    private static long seed(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "chaos.seed \"" + text + "\" is no whole number of 64 bits; write the number that a report printed,"
                            + " such as -Dchaos.seed=8231, or leave it out for a fresh one",
                    e);
        }
    }

    private static @Nullable Path path(String name, @Nullable String text) {
        try {
            return text == null ? null : Path.of(text);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(name + " \"" + text + "\" is no path: " + e.getReason(), e);
        }
    }

    private static Properties profile(@Nullable String name) {
        Properties profile = new Properties();
        if (name == null) {
            return profile;
        }
        String file = "chaos-" + name + ".properties";
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        try (InputStream in = name.matches("[\\w.-]+")
                ? (loader == null ? ClassLoader.getSystemClassLoader() : loader).getResourceAsStream(file)
                : null) {
            if (in == null) {
                throw new IllegalArgumentException(PROFILE + " \"" + name + "\" is unknown: there is no " + file
                        + " on the class path; add one (src/test/resources/" + file + ") with lines such as"
                        + " chaos.seed=8231");
            }
            profile.load(in);
        } catch (IOException e) {
            throw new IllegalArgumentException(PROFILE + " \"" + name + "\": " + file + " can't be read: " + e, e);
        }
        for (String key : new TreeSet<>(profile.stringPropertyNames())) {
            if (!NAMES.contains(key) || key.equals(PROFILE)) {
                throw new IllegalArgumentException(file + ": \"" + key + "\" is no setting; allowed are "
                        + NAMES.stream().filter(each -> !each.equals(PROFILE)).toList());
            }
        }
        return profile;
    }
}
