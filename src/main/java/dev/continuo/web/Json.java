package dev.continuo.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.databind.type.LogicalType;
import dev.continuo.json.Mappers;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.Optional;

/**
 * JSON as the API reads it: unknown fields, duplicate keys, wrong types, nulls for numbers, trailing text and documents
 * that are too deep are refused with a {@link Problem} that names the place. Instants are written as ISO-8601, an empty
 * {@code Optional} and a null field are left out.
 */
@Singleton
public final class Json {
    private static final int DEPTH = 64;
    private static final int NAME = 256;
    private static final int STRING = 8 * 1024 * 1024;

    private final ObjectMapper mapper;

    public Json() {
        mapper = strict();
    }

    public ObjectMapper mapper() {
        return mapper;
    }

    public <T> T read(byte[] body, Class<T> type) {
        try {
            return present(mapper.readValue(body, type));
        } catch (IOException e) {
            throw JsonProblems.of(e);
        }
    }

    /** @throws IOException only where the stream itself fails */
    Object read(InputStream body, Type type) throws IOException {
        try (var parser = mapper.createParser(body)) {
            return present(mapper.readValue(parser, mapper.constructType(type)));
        } catch (com.fasterxml.jackson.core.JacksonException e) {
            throw JsonProblems.of(e);
        }
    }

    public byte[] write(Object value) {
        try {
            return mapper.writeValueAsBytes(value);
        } catch (IOException e) {
            throw new IllegalStateException("cannot write " + value.getClass().getName() + " as JSON", e);
        }
    }

    private static <T> T present(T value) {
        if (value == null) {
            throw Problem.of(400, "malformed_json", "The body is null. Send a JSON object.");
        }
        return value;
    }

    private static ObjectMapper strict() {
        var factory = Mappers.factory()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(DEPTH)
                        .maxNameLength(NAME)
                        .maxNumberLength(100)
                        .maxStringLength(STRING)
                        .build())
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build();
        var mapper = JsonMapper.builder(factory)
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .defaultPropertyInclusion(
                        JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
                .withCoercionConfig(
                        LogicalType.Textual, c -> c.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
                .addModule(new SimpleModule("continuo")
                        .addSerializer(Instant.class, new AsText())
                        .addSerializer(optional()))
                .build();
        // An Optional has no reference type here, so "empty" has to be asked of its serializer.
        mapper.configOverride(Optional.class)
                .setInclude(JsonInclude.Value.construct(JsonInclude.Include.NON_EMPTY, JsonInclude.Include.ALWAYS));
        return mapper;
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static StdSerializer<Optional<?>> optional() {
        return new OfOptional((Class) Optional.class);
    }

    private static final class AsText extends StdSerializer<Instant> {
        AsText() {
            super(Instant.class);
        }

        @Override
        public void serialize(Instant at, JsonGenerator out, SerializerProvider p) throws IOException {
            out.writeString(at.toString());
        }
    }

    private static final class OfOptional extends StdSerializer<Optional<?>> {
        OfOptional(Class<Optional<?>> type) {
            super(type);
        }

        @Override
        public boolean isEmpty(SerializerProvider p, Optional<?> value) {
            return value.isEmpty();
        }

        @Override
        public void serialize(Optional<?> value, JsonGenerator out, SerializerProvider p) throws IOException {
            p.defaultSerializeValue(value.orElse(null), out);
        }
    }
}
