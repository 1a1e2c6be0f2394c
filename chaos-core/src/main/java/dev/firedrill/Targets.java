package dev.firedrill;

import dev.firedrill.fault.Fault.Place;
import dev.firedrill.schedule.Chance;
import dev.firedrill.spi.Resolved;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Turns targets into links and nodes. */
final class Targets {

    private final Map<String, Service> services;

    Targets(Map<String, Service> services) {
        this.services = services;
    }

    /** Without a chance nothing is drawn: all nodes that might be are taken. */
    Resolved resolve(Step step, @Nullable Chance chance) {
        Set<Link> links = new LinkedHashSet<>();
        Set<Node> nodes = new LinkedHashSet<>();
        for (Target.Part part : step.target().parts()) {
            Service service = find(part.service(), step.target());
            List<Node> selected = nodes(service, part, step.target(), chance);
            if (step.fault().place() == Place.NODE) {
                refuseLinkWords(part, step);
                nodes.addAll(selected);
            } else {
                checkLinkWords(service, part, step.target());
                service.links().stream()
                        .filter(link -> selected.contains(link.node()))
                        .filter(link -> part.caller() == null || part.caller().equals(link.caller()))
                        .filter(link -> part.port() == 0 || part.port() == link.port())
                        .forEach(links::add);
            }
        }
        return new Resolved(List.copyOf(links), List.copyOf(nodes));
    }

    Service service(String name) {
        Service service = services.get(name);
        if (service == null) {
            throw new IllegalArgumentException("no service is named \"" + name + "\"; " + known(name));
        }
        return service;
    }

    private Service find(String name, Target target) {
        Service service = services.get(name);
        if (service == null) {
            throw new IllegalArgumentException("unknown target \"" + name + "\""
                    + (target.toString().equals(name) ? "" : " in \"" + target + "\"")
                    + "; " + known(name));
        }
        return service;
    }

    private String known(String name) {
        if (services.isEmpty()) {
            return "no service is declared; declare one first";
        }
        return "known, the nearest first: "
                + services.keySet().stream()
                        .sorted(Comparator.comparingInt(each -> distance(name, each)))
                        .collect(Collectors.joining(", "));
    }

    private static List<Node> nodes(Service service, Target.Part part, Target target, @Nullable Chance chance) {
        List<Node> all = service.nodes();
        if (part.node().equals("*")) {
            return all;
        }
        if (part.node().equals("any")) {
            return chance == null
                    ? all
                    : List.of(all.get(chance.at(service.name()).below(all.size())));
        }
        int index = Integer.parseInt(part.node());
        if (index >= all.size()) {
            throw new IllegalArgumentException("unknown target \"" + target + "\"; service " + service.name() + " has "
                    + (all.size() == 1 ? "one node, [0]" : all.size() + " nodes, [0] to [" + (all.size() - 1) + "]"));
        }
        return List.of(all.get(index));
    }

    private static void refuseLinkWords(Target.Part part, Step step) {
        if (part.caller() != null || part.port() != 0) {
            throw new IllegalArgumentException("target \"" + step.target() + "\" names a link, but "
                    + step.fault().kind() + " acts on nodes; write \"" + part.service() + "\"");
        }
    }

    private void checkLinkWords(Service service, Target.Part part, Target target) {
        if (part.port() != 0 && !service.ports().contains(part.port())) {
            throw new IllegalArgumentException(
                    "unknown target \"" + target + "\"; the ports of " + service.name() + " are " + service.ports());
        }
        String caller = part.caller();
        if (Link.CONTAINERS.equals(caller)) {
            service.checkCalledByContainers(target.toString());
        } else if (caller != null
                && services.get(caller) != null
                && services.get(caller).isOfContainers()) {
            service.isCalledBy(services.get(caller), target.toString());
        } else if (caller != null && !List.of(Link.TEST, Link.PROBE).contains(caller)) {
            boolean called =
                    service.links().stream().anyMatch(link -> link.caller().equals(caller));
            if (!called && !services.containsKey(caller)) {
                throw new IllegalArgumentException("unknown caller \"" + caller + "\" in target \"" + target + "\"; "
                        + known(caller) + ", test, probe" + (isCalledByContainers(service) ? ", containers" : ""));
            }
        }
    }

    private static boolean isCalledByContainers(Service service) {
        return service.links().stream().anyMatch(link -> link.caller().equals(Link.CONTAINERS));
    }

    /** How many letters must be added, removed or exchanged (Levenshtein). */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
