package dev.continuo.run;

/** What becomes of a run whose owner died after it had shown something. */
public enum OnTakeover {
    CONTINUE,
    RESTART,
    FAIL;

    public String apiName() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    static OnTakeover of(String apiName) {
        return valueOf(apiName.toUpperCase(java.util.Locale.ROOT));
    }
}
