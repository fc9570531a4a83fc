package dev.continuo.run;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/** What the sender of a message wished for its run. */
public record RunOptions(
        Optional<String> agent,
        Optional<String> tier,
        Optional<String> model,
        OptionalDouble temperature,
        OnTakeover onTakeover) {
    public RunOptions {
        Objects.requireNonNull(onTakeover);
    }

    public static RunOptions none() {
        return new RunOptions(
                Optional.empty(), Optional.empty(), Optional.empty(), OptionalDouble.empty(), OnTakeover.CONTINUE);
    }

    static RunOptions of(ResultSet rs) throws SQLException {
        double temperature = rs.getDouble("temperature");
        boolean unset = rs.wasNull();
        return new RunOptions(
                Optional.ofNullable(rs.getString("agent")),
                Optional.ofNullable(rs.getString("tier")),
                Optional.ofNullable(rs.getString("model")),
                unset ? OptionalDouble.empty() : OptionalDouble.of(temperature),
                OnTakeover.of(rs.getString("on_takeover")));
    }
}
