package dev.continuo.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.continuo.run.RunLog;
import dev.continuo.run.RunQueries;
import dev.continuo.thread.Page;
import dev.continuo.web.Ids;
import dev.continuo.web.Json;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What is in it was said by people and models, so it is for those who may read the thread, not for operators. */
@Path("/runs/{r}/log")
@Singleton
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Runs")
public class RunLogResource {
    private final RunQueries runs;
    private final RunLog log;
    private final Json json;

    @Inject
    public RunLogResource(RunQueries runs, RunLog log, Json json) {
        this.runs = runs;
        this.log = log;
        this.json = json;
    }

    @Schema(name = "RunLog")
    public record Listed(
            @Schema(description = "All of them, in order") List<Epoch> epochs,
            List<Event> items,

            @Schema(description = "Send it as 'cursor' to get what follows")
            Optional<String> next,

            @Schema(description = "false: the run is finished, and its records are deleted; its message stays")
            boolean kept) {}

    @Schema(name = "RunEpoch")
    public record Epoch(
            long epoch,

            @Schema(description = "The last idx of earlier epochs that it keeps")
            int base,

            @Schema(
                    implementation = Integer.class,
                    description = "The highest idx above the base that may have been shown, and was taken back")
            Optional<Integer> voided,

            @Schema(description = "Why it began, such as claim, takeover, retry or difference")
            String reason,

            Optional<String> node,
            Instant at) {
        static Epoch of(RunLog.Epoch e) {
            return new Epoch(e.epoch(), e.base(), boxed(e.voided()), e.reason(), e.node(), e.at());
        }

        private static Optional<Integer> boxed(OptionalInt voided) {
            return voided.isPresent() ? Optional.of(voided.getAsInt()) : Optional.empty();
        }
    }

    @Schema(name = "RunEvent")
    public record Event(
            int idx,

            @Schema(description = "The epoch that wrote it") long epoch,

            @Schema(description = "When it was stored") Instant at,

            @Schema(implementation = Object.class, description = "As streams have it")
            JsonNode chunk) {}

    @GET
    @Operation(
            summary = "Read the stored records of a run one by one, with its epochs",
            description =
                    "What streams join is apart here. Records of finished runs are deleted after a while (15 minutes).")
    @APIResponse(responseCode = "200", description = "A page of them, from the first one on.")
    @APIResponse(responseCode = "404", description = "`unknown_run`: unknown, or not yours.")
    public Listed read(
            @Context SecurityContext security,
            @PathParam("r") String r,
            @QueryParam("cursor") String cursor,
            @QueryParam("limit")
                    @Parameter(
                            schema =
                                    @Schema(
                                            type = SchemaType.INTEGER,
                                            minimum = "1",
                                            maximum = "1000",
                                            defaultValue = "200"))
                    String asked) {
        if (cursor != null && !cursor.matches("[0-9]{1,9}")) {
            throw Refusals.badCursor();
        }
        var run = Ids.ours(r).flatMap(id -> runs.find(Viewers.of(security), id)).orElseThrow(Refusals::unknownRun);
        int limit = Refusals.limit(asked, 200, 1000);
        int after = cursor == null ? 0 : Integer.parseInt(cursor);
        var page = Page.of(
                log.records(run.id(), after, limit + 1),
                limit,
                e -> Integer.toString(e.record().idx()));
        boolean kept = !run.state().isTerminal()
                || run.committedIdx() == 0
                || !page.items().isEmpty()
                || !log.records(run.id(), 0, 1).isEmpty();
        return new Listed(
                log.epochs(run.id()).stream().map(Epoch::of).toList(),
                page.items().stream().map(this::event).toList(),
                page.next(),
                kept);
    }

    private Event event(RunLog.Entry e) {
        return new Event(
                e.record().idx(),
                e.record().epoch(),
                e.at(),
                json.read(e.record().chunk(), JsonNode.class));
    }
}
