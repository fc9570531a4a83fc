package dev.continuo.egress;

/** A URL that this server does not call. The code is stable, the message says to its author what to do. */
public final class Refused extends RuntimeException {
    private final String code;

    Refused(String code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    public String code() {
        return code;
    }
}
