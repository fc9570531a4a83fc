package dev.continuo.intake;

/** What a new message means to a thread that is still answering. */
public enum OnBusy {
    ENQUEUE,
    REJECT,
    INTERRUPT
}
