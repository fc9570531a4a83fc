package dev.continuo.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.continuo.file.FileParts;
import dev.continuo.file.Files;
import dev.continuo.file.Upload;
import dev.continuo.identity.Caller;
import dev.continuo.thread.Reach;
import dev.continuo.thread.Viewer;
import dev.continuo.web.Limits;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/** Keeps the files that came inside a message, so that the message refers to them like any other. */
@Singleton
class ChatFiles {
    private final Files files;
    private final Limits limits;

    @Inject
    ChatFiles(Files files, Limits limits) {
        this.files = files;
        this.limits = limits;
    }

    JsonNode kept(Caller caller, String thread, ChatMessage.New said) {
        var sender = new Viewer(caller.org(), caller.subject(), Reach.OWN);
        said.inside().forEach((at, file) -> {
            var id = said.id()
                    .map(message -> id(sender, thread, message, at, file))
                    .orElseGet(UUID::randomUUID);
            var content = file.content();
            var upload = Upload.of(id, file.name(), content.mediaType(), content.content(), limits.fileBytes());
            files.keep(sender, upload);
            ((ObjectNode) said.parts().get(at)).put("url", FileParts.url(id));
        });
        return files.complete(sender, said.parts(), "messages");
    }

    /** The same message again has the same files, and is a repeat. */
    private static UUID id(Viewer sender, String thread, String message, int at, ChatMessage.Inside file) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            for (var name : new String[] {
                sender.org().toString(), sender.subject(), thread, message, Integer.toString(at), file.name()
            }) {
                digest.update(name.getBytes(StandardCharsets.UTF_8));
                digest.update((byte) 0);
            }
            digest.update(file.content().mediaType().getBytes(StandardCharsets.UTF_8));
            digest.update(file.content().content());
            return UUID.nameUUIDFromBytes(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
