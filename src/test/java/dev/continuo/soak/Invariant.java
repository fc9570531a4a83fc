package dev.continuo.soak;

/** What must hold whatever fails; the numbers are those of docs/architecture.md and of the commit that broke one. */
enum Invariant {
    I1("an acknowledged key is one message and one run; a refused one is none"),
    I2("after the heal no run stays unfinished"),
    I3("a run ends once, a run with text has one answer, and whoever saw an end saw that one"),
    I4("in a thread runs are claimed and end in the order of turns, one at a time"),
    I5("epochs rise, and (run, epoch) has one claim"),
    I6("the stored answer is idx 1..n without hole or repeat, and a text that the model gave"),
    I7("no record of an epoch above the base of a later one, and none written after a later one opened"),
    I8("inside an answer the epoch never falls"),
    I9("a view has no hole and no repeat after any frame, and nothing of a lower epoch after a rewind"),
    I10("at the end a view is the stored text"),
    I11("a view shrinks by rewind, snapshot or reset only, and by as much as the bases say"),
    I12("a stream closes after its terminal, a reconnect, or an error of its transport"),
    I13("the same key has the same ids on every node"),
    I14("nobody ever sees a token of another organisation"),
    I15("no more provider calls than epochs, and none after the end"),
    I16("at the end nothing has leaked"),
    I17("nothing to resume is only said where nothing was under way");

    final String promise;

    Invariant(String promise) {
        this.promise = promise;
    }
}
