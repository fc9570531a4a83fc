package dev.continuo.intake;

import com.fasterxml.jackson.databind.JsonNode;
import dev.continuo.file.FileParts;
import dev.continuo.file.Files;
import dev.continuo.run.RunQueue;
import dev.continuo.thread.CleanJson;
import dev.continuo.thread.LockedThread;
import dev.continuo.thread.Messages;
import dev.continuo.thread.StoredMessage;
import dev.continuo.thread.Threads;
import dev.continuo.thread.Viewer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.util.Optional;

/** Changes what a message says, as long as nobody has begun to answer it. The row of its run is locked meanwhile: a claim
 * passes it by and finds the new words at its next look. */
@ApplicationScoped
public class EditStep {
    private final Threads threads;
    private final Messages messages;
    private final RunQueue queue;
    private final Files files;

    @Inject
    public EditStep(Threads threads, Messages messages, RunQueue queue, Files files) {
        this.threads = threads;
        this.messages = messages;
        this.queue = queue;
        this.files = files;
    }

    protected EditStep() {
        this(null, null, null, null);
    }

    /** @param viewer who sent the message: reading all of an organisation is not changing it */
    @Transactional
    public Edited edit(Viewer viewer, String thread, String message, JsonNode parts) {
        Optional<LockedThread> locked = threads.lock(viewer.org(), viewer.subject(), thread);
        Optional<StoredMessage> found =
                locked.flatMap(t -> messages.find(viewer, t.id(), message)).filter(m -> m.ord() == StoredMessage.SENT);
        if (found.isEmpty()) {
            return new Edited.UnknownMessage();
        }
        StoredMessage old = found.get();
        if (!queue.lockUnclaimed(old.run())) {
            return new Edited.AlreadyStarted(old.run());
        }
        JsonNode clean = CleanJson.clean(parts);
        if (!files.areFree(viewer, Optional.of(old.thread()), FileParts.in(clean))) {
            return new Edited.UnknownFile();
        }
        files.attach(old.thread(), FileParts.in(clean));
        messages.rewrite(old.id(), clean, BodyHash.of(old.role(), clean));
        threads.edited(old.thread());
        return new Edited.Changed(
                viewer.org(),
                messages.find(viewer, old.thread(), old.id().toString()).orElseThrow());
    }
}
