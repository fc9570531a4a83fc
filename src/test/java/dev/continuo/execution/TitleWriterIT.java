package dev.continuo.execution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.continuo.catalog.Choice;
import dev.continuo.intake.Acceptance.Accepted;
import dev.continuo.model.Models;
import dev.continuo.nats.Hints;
import dev.continuo.nats.NatsConnections;
import dev.continuo.node.NodeState;
import dev.continuo.run.Truth;
import dev.continuo.testkit.Await;
import dev.continuo.testkit.Nats;
import dev.continuo.testkit.ScriptedProvider;
import dev.continuo.thread.Titles;
import dev.continuo.usage.UsageRow;
import dev.continuo.usage.UsageRows;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Titles from a real provider over HTTP. */
class TitleWriterIT {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final Truth truth = Truth.fresh();
    private final ScriptedProvider provider = ScriptedProvider.launch();
    private final NodeState node = new NodeState();
    private final TitleWriter writer = new TitleWriter(
            new Titles(truth.jdbi),
            truth.messages,
            (_, wish) -> new Choice(
                    Optional.empty(),
                    OptionalDouble.empty(),
                    OptionalInt.empty(),
                    wish.tier().isPresent()
                            ? new Choice.Where.Nowhere("unknown_tier")
                            : new Choice.Where.Configured(Optional.empty())),
            Models.at(provider.baseUrl(), Clock.systemUTC()),
            node,
            new Hints(NatsConnections.to(Nats.shared().url())));

    @AfterEach
    void close() {
        provider.close();
    }

    @Test
    void a_model_is_asked_once_and_not_as_a_run() {
        var said = truth.say("t", "m1", "Tea, please", "Which one?");

        writer.look();
        writer.look();

        Await.until("a title", SOON, () -> title(said).startsWith("About Tea, please"));
        assertThat(provider.titles()).isEqualTo(1);
        assertThat(truth.one("select count(*) from runs", int.class)).isEqualTo(1);
        assertThat(truth.one("select count(*) from run_attempts", int.class)).isZero();
        var today = LocalDate.ofInstant(Clock.systemUTC().instant(), ZoneOffset.UTC);
        assertThat(new UsageRows(truth.jdbi).of(truth.ann, today.minusDays(1), today.plusDays(1)))
                .singleElement()
                .satisfies(row -> {
                    assertThat(row.kind()).isEqualTo(UsageRow.Kind.TITLE);
                    assertThat(row.model()).isEqualTo("scripted");
                    assertThat(row.tokens().calls()).isEqualTo(1);
                });
    }

    @Test
    void a_refusal_is_tried_again_later_and_troubles_nobody() {
        var said = truth.say("t", "m1", "untitled", "x");

        lookAndFail();
        assertThat(title(said)).isEqualTo("untitled");
        for (int attempt = 2; attempt <= 3; attempt++) {
            truth.execute("update threads set title_due = clock_timestamp() - interval '1 s'");
            lookAndFail();
            assertThat(provider.titles()).isEqualTo(attempt);
        }
        assertThat(truth.one("select count(*) from threads where title_due is not null", int.class))
                .isZero();
    }

    /** The end of an attempt is what its row says: due sooner than one that is still being made, or never again. */
    private void lookAndFail() {
        var before = truth.one("select clock_timestamp()", OffsetDateTime.class);
        writer.look();
        Await.until(
                "the attempt has failed",
                SOON,
                () -> truth.jdbi.withHandle(h -> h.createQuery("""
                        select count(*) from threads
                        where title_tries > 0 and (title_due is null or title_due < :before + interval '90 s')""")
                                .bind("before", before)
                                .mapTo(int.class)
                                .one()
                        == 1));
    }

    @Test
    void a_leaving_node_begins_with_nothing() {
        truth.say("t", "m1", "Tea, please", "Which one?");
        node.drain();

        writer.look();

        assertThat(truth.one("select title_tries from threads", int.class)).isZero();
    }

    private String title(Accepted said) {
        return truth.threads
                .find(truth.ann, said.thread())
                .orElseThrow()
                .title()
                .orElse("");
    }
}
