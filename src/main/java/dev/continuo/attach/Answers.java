package dev.continuo.attach;

import com.fasterxml.jackson.databind.JsonNode;
import dev.continuo.log.Terminal;
import java.util.Optional;
import java.util.UUID;

/** What is stored of a finished run, for whom its records come too late. */
interface Answers {
    /** The stored answer as clients see it. */
    Optional<JsonNode> of(UUID run);

    /** The message it answers. */
    Optional<Asked> messageOf(UUID run);

    Optional<Terminal> terminalOf(UUID run);
}
