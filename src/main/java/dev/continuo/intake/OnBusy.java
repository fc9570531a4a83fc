package dev.continuo.intake;

/** What a new message means to a thread that is still answering. */
public enum OnBusy {
    /** It waits behind everything. */
    ENQUEUE,
    /** It is not taken. */
    REJECT,
    /** It cancels the active run, whose partial answer stays, and is next; what waits keeps its order behind it. */
    INTERRUPT
}
