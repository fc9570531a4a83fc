package dev.continuo.attach;

import java.time.Duration;

/** The native stream of one run: its records, then its end. */
final class RunFeed implements Feed {
    private final Opening opening;
    private final Answers answers;
    private TailReader reader;

    RunFeed(Opening opening, Answers answers) {
        this.opening = opening;
        this.answers = answers;
    }

    /** How to begin to read, once there is a signal. */
    interface Opening {
        TailReader open(Signal signal);
    }

    @Override
    public void begin(Signal signal) {
        reader = opening.open(signal);
    }

    @Override
    public Progress next(Batch out) {
        return switch (reader.poll()) {
            case Reading.Nothing() -> Progress.IDLE;
            case Reading.Deleted() -> Progress.END;
            case Reading.Records(var frames) -> {
                frames.forEach(out::add);
                yield Progress.MORE;
            }
            case Reading.Rewound rewound -> {
                out.add(Frames.rewind(reader.run(), rewound));
                yield Progress.MORE;
            }
            case Reading.Ended(var terminal) -> {
                out.add(Frames.terminal(reader.run(), terminal));
                yield Progress.END;
            }
            case Reading.Vanished(var terminal) -> {
                out.add(Frames.snapshot(reader.run(), terminal, answers.of(reader.run())));
                out.add(Frames.terminal(reader.run(), terminal));
                yield Progress.END;
            }
        };
    }

    @Override
    public void farewell(Batch out, Duration after) {
        out.add(Frames.reconnect(after));
    }

    @Override
    public void close() {
        if (reader != null) {
            reader.close();
        }
    }
}
