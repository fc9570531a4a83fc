package dev.continuo.attach;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.continuo.log.RunSnapshot;
import dev.continuo.log.Terminal;
import dev.continuo.run.Snapshots;
import dev.continuo.thread.Messages;
import dev.continuo.thread.StoredMessage;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.UUID;

@Singleton
final class StoredAnswers implements Answers {
    private final Messages messages;
    private final Snapshots snapshots;
    private final ThreadsInPostgres threads;

    @Inject
    StoredAnswers(Messages messages, Snapshots snapshots, ThreadsInPostgres threads) {
        this.messages = messages;
        this.snapshots = snapshots;
        this.threads = threads;
    }

    @Override
    public Optional<JsonNode> of(UUID run) {
        return message(run, StoredMessage.ANSWER);
    }

    @Override
    public Optional<Asked> messageOf(UUID run) {
        return message(run, StoredMessage.SENT).map(m -> new Asked(m, threads.after(run)));
    }

    @Override
    public Optional<Terminal> terminalOf(UUID run) {
        return snapshots.read(run, Integer.MAX_VALUE).flatMap(RunSnapshot::terminal);
    }

    private Optional<JsonNode> message(UUID run, int ord) {
        return messages.ofRun(run).stream()
                .filter(m -> m.ord() == ord)
                .findFirst()
                .map(StoredAnswers::shown);
    }

    private static JsonNode shown(StoredMessage m) {
        var json = JsonNodeFactory.instance.objectNode().put("id", m.shownId()).put("role", m.role());
        m.metadata().ifPresent(metadata -> json.set("metadata", metadata));
        json.set("parts", m.parts());
        return json;
    }
}
