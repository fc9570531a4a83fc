package dev.continuo.run;

/** Why an owner lets go of a run that it could have finished; the attempt is given back in either case. */
public enum GiveBack {
    /** It leaves, or was told to. */
    HAND_OVER(Attempt.Ending.HANDED_OVER),
    /** Its files have no room in the node's memory. Nobody was asked, so it is no try; for how long it waits is counted. */
    NO_ROOM(Attempt.Ending.HANDED_OVER),
    /** The provider asked to wait: counts as a try. */
    BACK_OFF(Attempt.Ending.REFUSED);

    private final Attempt.Ending ending;

    GiveBack(Attempt.Ending ending) {
        this.ending = ending;
    }

    Attempt.Ending ending() {
        return ending;
    }
}
