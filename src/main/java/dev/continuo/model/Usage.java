package dev.continuo.model;

/** Tokens of one call, as the provider counted them; 0 where it did not say. */
public record Usage(int input, int output, int reasoning, int cached) {
    public static final Usage NONE = new Usage(0, 0, 0, 0);

    public Usage plus(Usage other) {
        return new Usage(
                input + other.input, output + other.output, reasoning + other.reasoning, cached + other.cached);
    }
}
