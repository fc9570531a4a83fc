package dev.continuo.chat;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The chunk types beyond the common ones that a client says it knows: {@code x-continuo-chunks: reset-step, …}. */
record Declared(Set<String> types) {
    static final String HEADER = "x-continuo-chunks";
    static final String RESET_STEP = "reset-step";

    Declared {
        types = Set.copyOf(types);
    }

    static Declared of(String header) {
        return new Declared(
                header == null
                        ? Set.of()
                        : Stream.of(header.split(","))
                                .map(String::strip)
                                .filter(t -> !t.isEmpty())
                                .collect(Collectors.toUnmodifiableSet()));
    }

    boolean knows(String type) {
        return ChunkType.isCommon(type) || types.contains(type);
    }

    /** Version 5 has none of these to declare. */
    boolean mayBeVersionFive() {
        return types.isEmpty();
    }

    boolean knowsResetStep() {
        return types.contains(RESET_STEP);
    }
}
