package dev.firedrill.internal.server;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.firedrill.fault.Direction;
import dev.firedrill.fault.Fault;
import dev.firedrill.fault.MessageFault;
import dev.firedrill.internal.proxy.EmbeddedProxy;
import dev.firedrill.internal.proxy.Toxic;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;

/**
 * A toxic as a client knows it.
 *
 * @param name unique on its proxy, whatever the stream
 * @param type the name of its type
 * @param stream as it was sent, in whatever case
 * @param toxicity the part of the connections that it acts on
 * @param attributes all of them
 * @param order the number of its creation
 */
record ToxicState(String name, String type, String stream, float toxicity, Map<String, Object> attributes, int order) {

    private static final String DOWNSTREAM = "downstream";

    static ToxicState create(Input input, int order) {
        String stream = input.text("stream", DOWNSTREAM);
        direction(stream);
        String type = input.text("type", "");
        String name = input.text("name", "");
        ToxicType known = ToxicType.of(type);
        if (known == null) {
            throw ApiException.invalidType();
        }
        return new ToxicState(
                name.isEmpty() ? type + "_" + stream : name,
                type,
                stream,
                toxicity(input, 1),
                known.read(input.object("attributes"), known.attributes()),
                order);
    }

    ToxicState changed(Input input) {
        return new ToxicState(
                name,
                type,
                stream,
                toxicity(input, toxicity),
                known().read(input.object("attributes"), attributes),
                order);
    }

    private static float toxicity(Input input, float otherwise) {
        double given = input.number("toxicity", otherwise);
        if (given < 0 || given > 1) {
            throw ApiException.badBody("toxicity " + given + " is no part of the connections; allowed is 0..1");
        }
        return (float) given;
    }

    private ToxicType known() {
        ToxicType known = ToxicType.of(type);
        if (known == null) {
            throw ApiException.invalidType();
        }
        return known;
    }

    private static Direction direction(String stream) {
        return switch (stream.toLowerCase(Locale.ROOT)) {
            case "upstream" -> Direction.UPSTREAM;
            case DOWNSTREAM -> Direction.DOWNSTREAM;
            default -> throw ApiException.invalidStream();
        };
    }

    boolean isUpstream() {
        return direction(stream) == Direction.UPSTREAM;
    }

    /** What it does; an attribute that makes no sense is told to the client. */
    Toxic toxic() {
        try {
            ToxicType known = known();
            Direction way = direction(stream);
            Fault fault = known.fault(attributes, way);
            String unread = fault instanceof MessageFault message ? EmbeddedProxy.unread(message) : null;
            if (unread != null) {
                throw ApiException.badBody(unread);
            }
            return new Toxic(name, fault, way, toxicity, ToxicType.schedule(attributes), known.closes());
        } catch (IllegalArgumentException e) {
            throw ApiException.badBody(String.valueOf(e.getMessage()));
        }
    }

    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ObjectNode shown = json.putObject("attributes");
        attributes.forEach((attribute, value) -> {
            if (value instanceof Long number) {
                shown.put(attribute, number);
            } else if (value instanceof Double number) {
                shown.put(attribute, plain(String.valueOf(number)));
            } else {
                shown.put(attribute, String.valueOf(value));
            }
        });
        return json.put("name", name)
                .put("type", type)
                .put("stream", stream)
                .put("toxicity", plain(Float.toString(toxicity)));
    }

    /** 1 and not 1.0, as Go writes it. */
    private static BigDecimal plain(String number) {
        BigDecimal decimal = new BigDecimal(number).stripTrailingZeros();
        return decimal.scale() < 0 ? decimal.setScale(0) : decimal;
    }
}
