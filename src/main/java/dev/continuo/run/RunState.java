package dev.continuo.run;

/** The states of a run; docs/state-machine.md has the chart and a test compares the two. */
public enum RunState {
    WAITING("queued"),
    READY("queued"),
    RUNNING("running"),
    PAUSED("requires_action"),
    COMPLETED("completed"),
    FAILED("failed"),
    CANCELLED("cancelled");

    private final String apiName;

    RunState(String apiName) {
        this.apiName = apiName;
    }

    /** The word the HTTP surface uses. */
    public String apiName() {
        return apiName;
    }

    public boolean isTerminal() {
        return switch (this) {
            case COMPLETED, FAILED, CANCELLED -> true;
            case WAITING, READY, RUNNING, PAUSED -> false;
        };
    }
}
