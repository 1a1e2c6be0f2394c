package dev.firedrill.junit5;

import dev.firedrill.Chaos;
import dev.firedrill.Link;
import dev.firedrill.Node;
import dev.firedrill.Service;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Where a test wants to reach a service, and in which form.
 *
 * @param wanted what the annotation says
 * @param type the type of the field or parameter
 * @param source where it is declared, for messages
 */
record Address(ServiceUri wanted, Class<?> type, String source) {

    private static final Pattern NAME = Pattern.compile("([\\w.-]+)(?:\\[(\\d{1,4})])?(?::(\\d{1,5}))?");

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{(host|port)(?::\\d{1,5})?}");

    static Address of(Field field) {
        String source = "@ServiceUri on " + Names.of(field);
        if (Modifier.isFinal(field.getModifiers())) {
            throw new ExtensionConfigurationException(
                    source + ": the field is final, so it can't be set; remove final");
        }
        return new Address(
                AnnotationSupport.findAnnotation(field, ServiceUri.class).orElseThrow(), field.getType(), source);
    }

    static Address of(Parameter parameter) {
        return new Address(
                AnnotationSupport.findAnnotation(parameter, ServiceUri.class).orElseThrow(),
                parameter.getType(),
                "@ServiceUri on parameter " + parameter.getName() + " of "
                        + Names.of(parameter.getDeclaringExecutable()));
    }

    /** What the annotation means among the services that there are. */
    private record Place(Node node, @Nullable Integer port) {}

    /** Checks all that can be checked before the service has been started. */
    void check(Chaos scope) {
        try {
            if (!List.of(URI.class, InetSocketAddress.class, String.class).contains(type)) {
                throw new IllegalArgumentException("the type " + type.getName()
                        + " is no address; allowed are java.net.URI, java.net.InetSocketAddress and String");
            }
            if (type == InetSocketAddress.class && !wanted.template().isEmpty()) {
                throw new IllegalArgumentException("template \"" + wanted.template()
                        + "\" has no meaning for an InetSocketAddress; remove it, or take a String or a URI");
            }
            Place place = place(scope);
            place.node().checkTemplate(template(place));
            if (type == URI.class) {
                checkUri(template(place));
            }
        } catch (IllegalArgumentException e) {
            throw new ExtensionConfigurationException(source + ": " + e.getMessage(), e);
        }
    }

    /** With an address that is as good as the one that there is not yet. */
    private void checkUri(String template) {
        String example = PLACEHOLDER
                .matcher(template)
                .replaceAll(match -> match.group(1).equals("host") ? "127.0.0.1" : "65535");
        try {
            new URI(example);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(
                    "template \"" + wanted.template() + "\" gives no URI: " + e.getReason() + " at index "
                            + e.getIndex()
                            + " of \"" + example + "\"; allowed is what java.net.URI takes, such as"
                            + " \"http://{host}:{port}/shop\" with %20 for a blank; correct it, or take a String",
                    e);
        }
    }

    Object value(Chaos scope) {
        check(scope);
        Place place = place(scope);
        String caller = wanted.probe() ? Link.PROBE : Link.TEST;
        if (type == InetSocketAddress.class) {
            Integer port = place.port();
            Node node = place.node();
            return (port == null ? node.link(caller) : node.link(caller, port)).address();
        }
        String text = place.node().fill(template(place), caller);
        return type == String.class ? text : URI.create(text);
    }

    void set(Field field, @Nullable Object instance, Chaos scope) {
        Object value = value(scope);
        try {
            field.setAccessible(true);
            field.set(instance, value);
        } catch (IllegalAccessException e) {
            throw new ExtensionConfigurationException(source + ": the field can't be set: " + e.getMessage(), e);
        }
    }

    private Place place(Chaos scope) {
        List<Service> services = scope.services();
        if (services.isEmpty()) {
            throw new IllegalArgumentException("there is no service: declare a static field with @ChaosService");
        }
        if (wanted.value().isBlank()) {
            if (services.size() != 1) {
                throw new IllegalArgumentException("no service is named, and there are "
                        + services.stream().map(Service::name).toList()
                        + "; write for example @ServiceUri(\"redis\")");
            }
            return new Place(services.get(0).nodes().get(0), null);
        }
        Matcher matcher = NAME.matcher(wanted.value().strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("\"" + wanted.value()
                    + "\" is not of the form service, service:port or service[0]; write for example \"redis\"");
        }
        Service service = scope.service(matcher.group(1));
        int index = matcher.group(2) == null ? 0 : Integer.parseInt(matcher.group(2));
        if (index >= service.nodes().size()) {
            throw new IllegalArgumentException("service " + service.name() + " has no node [" + index + "]; it has "
                    + service.nodes().size());
        }
        return new Place(
                service.nodes().get(index), matcher.group(3) == null ? null : Integer.valueOf(matcher.group(3)));
    }

    private String template(Place place) {
        String template = wanted.template();
        if (template.isEmpty()) {
            template = type == URI.class ? "tcp://{host}:{port}" : "{host}:{port}";
        }
        return place.port() == null
                ? template
                : template.replace("{port}", "{port:" + place.port() + "}")
                        .replace("{host}", "{host:" + place.port() + "}");
    }
}
