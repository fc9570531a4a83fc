package dev.continuo.usage;

import java.time.LocalDate;

/** What one agent's calls of one model used on one day (UTC) for one kind of thing. */
public record UsageRow(LocalDate day, String model, String agent, Kind kind, Tokens tokens) {
    public enum Kind {
        ANSWER,
        TITLE
    }
}
