package dev.continuo.thread;

/** What of an organisation somebody may see: what they created, or everything. */
public enum Reach {
    OWN,
    ORGANISATION
}
