package dev.continuo.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.regex.RegularExpression;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;

/**
 * Checks arguments against the schema that a server declared. The schema is a stranger's: it fetches nothing, is shared
 * with nobody, and its patterns may take only so many steps.
 */
final class Arguments {
    private static final int MOST_SAID = 10;
    private static final SchemaRegistryConfig CONFIG = SchemaRegistryConfig.builder()
            .regularExpressionFactory(Arguments::bounded)
            .build();

    private final Schema schema;

    private Arguments(Schema schema) {
        this.schema = schema;
    }

    /** Empty where this is no schema that can be used. */
    static Optional<Arguments> of(JsonNode schema) {
        try {
            if (!Expansion.isModerate(schema)) {
                return Optional.empty();
            }
            var registry = SchemaRegistry.withDefaultDialect(
                    SpecificationVersion.DRAFT_2020_12,
                    r -> r.schemaCacheEnabled(false).schemaRegistryConfig(CONFIG));
            var compiled = registry.getSchema(schema);
            compiled.initializeValidators();
            return Optional.of(new Arguments(compiled));
        } catch (RuntimeException | StackOverflowError e) {
            return Optional.empty();
        }
    }

    /** What is wrong, in words that help a model; empty where nothing is. */
    Optional<String> wrong(JsonNode arguments) {
        if (!arguments.isObject()) {
            return Optional.of("the arguments are no JSON object");
        }
        try {
            var errors = schema.validate(arguments);
            return errors.isEmpty()
                    ? Optional.empty()
                    : Optional.of(Texts.cut(
                            errors.stream()
                                    .limit(MOST_SAID)
                                    .map(Arguments::said)
                                    .collect(Collectors.joining("; ")),
                            2_000));
        } catch (RuntimeException | StackOverflowError e) {
            return Optional.of("they cannot be checked against the tool's schema");
        }
    }

    private static String said(Error error) {
        var at = error.getInstanceLocation().toString();
        return (at.isEmpty() || at.equals("$") ? "" : at + ": ") + error.getMessage();
    }

    private static RegularExpression bounded(String regex) {
        Pattern pattern;
        try {
            pattern = Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("a schema's pattern is none", e);
        }
        return value -> pattern.matcher(new Counted(value)).find();
    }

    /** Text that can be looked at only so often: a pattern that backtracks without end is cut off. */
    private static final class Counted implements CharSequence {
        private static final int MOST = 5_000_000;

        private final CharSequence text;
        private int looks;

        Counted(CharSequence text) {
            this.text = text;
        }

        @Override
        public char charAt(int index) {
            if (++looks > MOST) {
                throw new IllegalStateException("a schema's pattern takes too long");
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }
}
