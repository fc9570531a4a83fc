package dev.continuo.chat;

/** Makes the end of one response a broken one, so that its client does not take what it has for the whole. */
interface Cut {
    /** When the response ends, it ends abruptly. False where that cannot be had: then the client must be told in band. */
    boolean arm();
}
