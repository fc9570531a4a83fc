package dev.continuo.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.continuo.intake.Acceptance;
import dev.continuo.intake.Acceptance.Accepted;
import dev.continuo.intake.Acceptance.Again;
import dev.continuo.intake.Edited;
import dev.continuo.intake.OnBusy;
import dev.continuo.intake.SentMessage;
import dev.continuo.run.RunOptions;
import dev.continuo.run.Truth;
import dev.continuo.thread.Reach;
import dev.continuo.thread.ThreadDeletion;
import dev.continuo.thread.Viewer;
import dev.continuo.web.Problem;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Who has a file, and for how long. */
class FilesIT {
    private final Truth truth = Truth.fresh();
    private final Viewer bob = new Viewer(truth.org, "bob", Reach.OWN);
    private final Viewer admin = new Viewer(truth.org, "root", Reach.ORGANISATION);
    private final Viewer stranger = new Viewer(UUID.randomUUID(), "ann", Reach.ORGANISATION);

    private StoredFile keep(Viewer sender, String text) {
        return truth.files.keep(sender, upload(UUID.randomUUID(), text));
    }

    private static Upload upload(UUID id, String text) {
        return Upload.of(id, text + ".txt", "text/plain", text.getBytes(UTF_8), 1000);
    }

    private static ArrayNode parts(StoredFile... files) {
        var parts = JsonNodeFactory.instance.arrayNode();
        for (var file : files) {
            parts.add(file.part());
        }
        return parts;
    }

    private Acceptance send(String thread, String key, ArrayNode parts) {
        return truth.send(new SentMessage(
                truth.org,
                "ann",
                Optional.of(thread),
                Optional.of(key),
                "user",
                parts,
                Optional.empty(),
                RunOptions.none(),
                OnBusy.ENQUEUE));
    }

    private Optional<String> read(Viewer viewer, UUID id, int from, int length) {
        return truth.files.slice(viewer, id, from, length).map(bytes -> new String(bytes, UTF_8));
    }

    private boolean exists(StoredFile file) {
        return truth.files.find(admin, file.id()).isPresent();
    }

    @Test
    void its_sender_and_who_reads_all_of_the_organisation_have_it_and_nobody_else() {
        var note = keep(truth.ann, "note");
        assertThat(truth.files.find(truth.ann, note.id())).contains(note);
        assertThat(truth.files.find(admin, note.id())).contains(note);
        assertThat(read(truth.ann, note.id(), 0, 100)).contains("note");
        assertThat(read(truth.ann, note.id(), 1, 2)).contains("ot");
        assertThat(read(admin, note.id(), 2, 100)).contains("te");
        for (var other : List.of(bob, stranger)) {
            assertThat(truth.files.find(other, note.id())).isEmpty();
            assertThat(read(other, note.id(), 0, 100)).isEmpty();
        }
        assertThatThrownBy(() -> truth.files.complete(bob, parts(note), "parts"))
                .isInstanceOfSatisfying(Problem.class, p -> assertThat(p.code()).isEqualTo("unknown_file"));
    }

    @Test
    void what_its_sender_says_of_it_in_a_message_does_not_count() {
        var note = keep(truth.ann, "note");
        var said = parts(note);
        ((com.fasterxml.jackson.databind.node.ObjectNode) said.get(0))
                .put("mediaType", "text/html")
                .put("filename", "x.html");
        assertThat(truth.files.complete(truth.ann, said, "parts")).isEqualTo(parts(note));
    }

    @Test
    void a_message_takes_its_files_into_its_thread_and_they_go_with_it() {
        var note = keep(truth.ann, "note");
        var sent = (Accepted) send("t", "k", parts(note));
        assertThat(truth.messages.ofRun(sent.run()).getFirst().parts()).isEqualTo(parts(note));
        assertThat(((Accepted) send("t", "k", parts(note))).again()).isEqualTo(Again.REPEATED);
        assertThat(send("t", "k2", parts(note))).as("again, in the same thread").isInstanceOf(Accepted.class);
        assertThat(truth.files.bytesOf(sent.thread(), Set.of(note.id()))).containsOnlyKeys(note.id());

        truth.tx(() -> new ThreadDeletion(truth.jdbi).delete(truth.ann, sent.thread()));
        assertThat(exists(note)).isFalse();
    }

    @Test
    void a_file_of_another_thread_or_of_another_sender_is_not_taken_and_nothing_is_made() {
        var note = keep(truth.ann, "note");
        send("t", "k", parts(note));
        assertThat(send("other", "k", parts(note))).isInstanceOf(Acceptance.UnknownFile.class);
        assertThat(send("new", "k", parts(keep(bob, "his")))).isInstanceOf(Acceptance.UnknownFile.class);
        assertThat(truth.threads.find(truth.ann, "other")).isEmpty();
        assertThat(truth.threads.find(truth.ann, "new")).isEmpty();
    }

    @Test
    void a_waiting_message_can_get_another_file() {
        send("t", "k1", Truth.text("first").deepCopy());
        truth.start(Truth.node("n"));
        var waiting = (Accepted) send("t", "k2", Truth.text("second").deepCopy());
        var note = keep(truth.ann, "note");
        var edited = truth.edit(waiting.thread().toString(), "k2", parts(note));
        assertThat(edited).isInstanceOfSatisfying(Edited.Changed.class, c -> assertThat(
                        c.message().parts())
                .isEqualTo(parts(note)));
        assertThat(truth.files.ofThread(waiting.thread(), Set.of(note.id()))).containsExactly(note);
        assertThat(truth.edit(waiting.thread().toString(), "k2", parts(keep(bob, "his"))))
                .isEqualTo(new Edited.UnknownFile());
    }

    @Test
    void what_no_message_refers_to_is_swept_after_a_day() {
        var fresh = keep(truth.ann, "fresh");
        var old = keep(truth.ann, "old");
        var sent = keep(truth.ann, "sent");
        send("t", "k", parts(sent));
        truth.execute("update files set created_at = created_at - interval '25 hours' where name <> 'fresh.txt'");
        truth.tx(truth.janitor::deleteUnsentFiles);
        assertThat(exists(fresh)).isTrue();
        assertThat(exists(old)).isFalse();
        assertThat(exists(sent)).isTrue();
        assertThat(send("t", "k2", parts(old))).isInstanceOf(Acceptance.UnknownFile.class);
    }

    @Test
    void the_same_id_again_changes_nothing() {
        var id = UUID.randomUUID();
        truth.files.keep(truth.ann, upload(id, "one"));
        truth.files.keep(truth.ann, upload(id, "two"));
        assertThat(read(truth.ann, id, 0, 100)).contains("one");
    }

    @Test
    void there_is_a_limit_to_what_is_never_sent_and_to_all_that_an_organisation_has() {
        var few = new Files(truth.jdbi, 2, 1000);
        few.keep(truth.ann, upload(UUID.randomUUID(), "a"));
        var sent = few.keep(truth.ann, upload(UUID.randomUUID(), "b"));
        assertThatThrownBy(() -> few.keep(truth.ann, upload(UUID.randomUUID(), "c")))
                .isInstanceOfSatisfying(Problem.class, p -> assertThat(p.code()).isEqualTo("files_full"));
        few.keep(bob, upload(UUID.randomUUID(), "his"));
        send("t", "k", parts(sent));
        few.keep(truth.ann, upload(UUID.randomUUID(), "c"));

        var small = new Files(truth.jdbi, 100, 100);
        assertThatThrownBy(() -> small.keep(bob, upload(UUID.randomUUID(), "x".repeat(95))))
                .isInstanceOfSatisfying(Problem.class, p -> assertThat(p.code()).isEqualTo("files_full"));
        small.keep(bob, upload(UUID.randomUUID(), "x".repeat(90)));
    }
}
