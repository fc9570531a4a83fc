package dev.continuo.secrets;

/** A sealed value that does not open here: another row's, changed, or sealed under a key that this node does not have. */
public final class Unreadable extends Exception {
    Unreadable(String message, Throwable cause) {
        super(message, cause);
    }
}
