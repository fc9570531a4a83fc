package dev.continuo.soak;

import dev.continuo.testkit.ScriptedProvider;

/** The texts that the scripted provider can have given to a prompt: the first call's, and every later call's. */
record Expected(String first, String later) {
    static Expected of(String prompt) {
        return new Expected(ScriptedProvider.text(prompt, 1), ScriptedProvider.text(prompt, 2));
    }

    boolean isWhole(String text) {
        return text.equals(first) || text.equals(later);
    }

    boolean isPart(String text) {
        return first.startsWith(text) || later.startsWith(text);
    }
}
