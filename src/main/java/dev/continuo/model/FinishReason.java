package dev.continuo.model;

/** Why a model stopped, in the words of the stream protocol. */
public enum FinishReason {
    STOP("stop"),
    LENGTH("length"),
    CONTENT_FILTER("content-filter"),
    TOOL_CALLS("tool-calls"),
    OTHER("other");

    private final String chunkName;

    FinishReason(String chunkName) {
        this.chunkName = chunkName;
    }

    public String chunkName() {
        return chunkName;
    }
}
