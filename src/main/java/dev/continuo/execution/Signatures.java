package dev.continuo.execution;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.continuo.log.Sanitize;
import dev.continuo.model.Dialect;
import dev.continuo.model.Signature;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a provider wants back of one step, each at its place among what the step said. It is kept in the meta of the
 * step's last record: so it is on disk before a tool is called, goes to no client, and is of one generation only.
 */
final class Signatures {
    static final Signatures NONE = new Signatures();

    private final List<Placed> all = new ArrayList<>();

    /** @param at how many texts and thoughts of the step there were by then */
    private record Placed(int at, Signature signature) {}

    void add(int at, Signature signature) {
        all.add(new Placed(at, signature));
    }

    /** Of the text or thought with this number, which is the thought's own. */
    Optional<Signature> ofThought(int number) {
        return at(number, EnumSet.of(Signature.Of.THOUGHT)).stream().findFirst();
    }

    /** The thoughts that are not shown and stand behind the text or thought with this number. */
    List<Signature> hiddenAfter(int number) {
        return at(number, EnumSet.of(Signature.Of.HIDDEN, Signature.Of.UNSHOWN));
    }

    Optional<Signature> ofCalls() {
        return all.stream()
                .map(Placed::signature)
                .filter(s -> s.of() == Signature.Of.CALLS)
                .findFirst();
    }

    private List<Signature> at(int number, Set<Signature.Of> of) {
        return all.stream()
                .filter(p -> p.at() == number && of.contains(p.signature().of()))
                .map(Placed::signature)
                .toList();
    }

    ArrayNode json() {
        var array = JsonNodeFactory.instance.arrayNode();
        for (var p : all) {
            array.addObject()
                    .put("by", p.signature().by().name())
                    .put("of", p.signature().of().name())
                    .put("at", p.at())
                    .put("value", Sanitize.text(p.signature().value()));
        }
        return array;
    }

    /** As {@link #json} wrote it; what a newer node wrote of a provider that this one does not know is left out. */
    static Signatures of(JsonNode json) {
        var read = new Signatures();
        for (var s : json) {
            var by = named(Dialect.values(), s.path("by"));
            var of = named(Signature.Of.values(), s.path("of"));
            if (by.isPresent() && of.isPresent()) {
                read.add(
                        s.path("at").asInt(),
                        new Signature(by.get(), of.get(), s.path("value").asText()));
            }
        }
        return read;
    }

    private static <E extends Enum<E>> Optional<E> named(E[] values, JsonNode name) {
        return Arrays.stream(values).filter(v -> v.name().equals(name.asText())).findFirst();
    }
}
