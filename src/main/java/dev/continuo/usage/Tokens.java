package dev.continuo.usage;

/**
 * Sums over calls.
 *
 * @param runs each counted once, with its last call
 * @param untold calls of which nobody knows what they cost, because they did not live to be told
 * @param reasoning a part of the output
 * @param cached a part of the input
 */
public record Tokens(long runs, long calls, long untold, long input, long output, long reasoning, long cached) {
    public static final Tokens NONE = new Tokens(0, 0, 0, 0, 0, 0, 0);

    public Tokens plus(Tokens o) {
        return new Tokens(
                runs + o.runs,
                calls + o.calls,
                untold + o.untold,
                input + o.input,
                output + o.output,
                reasoning + o.reasoning,
                cached + o.cached);
    }
}
