package dev.continuo.api;

import dev.continuo.answer.Answering;
import dev.continuo.cancel.Cancellation;
import dev.continuo.identity.Audit;
import dev.continuo.identity.Caller;
import dev.continuo.run.AnswerResult;
import dev.continuo.run.Attempts;
import dev.continuo.run.CancelResult.AlreadyFinished;
import dev.continuo.run.CancelResult.Cancelled;
import dev.continuo.run.CancelResult.Requested;
import dev.continuo.run.CancelResult.Unknown;
import dev.continuo.run.Question;
import dev.continuo.run.RunQueries;
import dev.continuo.run.RunState;
import dev.continuo.run.RunView;
import dev.continuo.thread.Viewer;
import dev.continuo.usage.Spending;
import dev.continuo.web.Ids;
import dev.continuo.web.Json;
import dev.continuo.web.Problem;
import dev.continuo.web.RequestId;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.headers.Header;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

@Path("/runs/{r}")
@Singleton
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Runs", description = "One turn of work each: answer this message.")
public class RunsResource {
    private final RunQueries runs;
    private final Attempts attempts;
    private final Cancellation cancellation;
    private final Answering answering;
    private final Spending spending;
    private final Json json;

    @Context
    private HttpServletRequest request;

    @Inject
    public RunsResource(
            RunQueries runs,
            Attempts attempts,
            Cancellation cancellation,
            Answering answering,
            Spending spending,
            Json json) {
        this.runs = runs;
        this.attempts = attempts;
        this.cancellation = cancellation;
        this.answering = answering;
        this.spending = spending;
        this.json = json;
    }

    @Schema(name = "CancelAccepted")
    public record CancelAccepted(
            UUID id,

            @Schema(description = "cancelled, or running until its owner has ended it")
            String state) {}

    @GET
    @Operation(summary = "Read a run")
    @APIResponse(responseCode = "200", description = "The run.")
    @APIResponse(responseCode = "404", description = "`unknown_run`: unknown, or not yours.")
    public RunJson read(@Context SecurityContext security, @PathParam("r") String r) {
        var found = run(Viewers.of(security), r);
        return RunJson.of(found, attempts.of(found.id()), open(found), spending, json);
    }

    private List<Question> open(RunView run) {
        return run.state() == RunState.PAUSED
                ? answering.asked(run.id()).stream()
                        .filter(q -> q.answer().isEmpty())
                        .toList()
                : List.of();
    }

    @POST
    @Path("/cancel")
    @Operation(summary = "Cancel this run, on whichever node it is; a queued one is removed from the queue")
    @APIResponse(
            responseCode = "202",
            description = "It is durable: no later crash forgets it.",
            headers =
                    @Header(
                            name = "Location",
                            description = "The run",
                            schema = @Schema(implementation = String.class)),
            content = @Content(schema = @Schema(implementation = CancelAccepted.class)))
    @APIResponse(responseCode = "404", description = "`unknown_run`")
    @APIResponse(responseCode = "409", description = "`already_finished`: another end was first.")
    public Response cancel(@Context SecurityContext security, @PathParam("r") String r) {
        var caller = Caller.of(security);
        var id = Ids.ours(r).orElseThrow(Refusals::unknownRun);
        var accepted =
                switch (cancellation.cancel(Viewers.of(caller), id, Audit.By.of(caller, RequestId.of(request)))) {
                    case Requested _ -> new CancelAccepted(id, "running");
                    case Cancelled _ -> new CancelAccepted(id, "cancelled");
                    case AlreadyFinished finished ->
                        throw Problem.of(
                                409,
                                "already_finished",
                                "The run is " + finished.state().apiName()
                                        + " already. There is nothing left to cancel.");
                    case Unknown _ -> throw Refusals.unknownRun();
                };
        return Response.accepted(accepted).header("Location", "/api/runs/" + id).build();
    }

    @DELETE
    @Operation(summary = "The same as POST …/cancel")
    @APIResponse(
            responseCode = "202",
            description = "As POST …/cancel.",
            headers =
                    @Header(
                            name = "Location",
                            description = "The run",
                            schema = @Schema(implementation = String.class)),
            content = @Content(schema = @Schema(implementation = CancelAccepted.class)))
    @APIResponse(responseCode = "404", description = "`unknown_run`")
    @APIResponse(responseCode = "409", description = "`already_finished`: another end was first.")
    public Response delete(@Context SecurityContext security, @PathParam("r") String r) {
        return cancel(security, r);
    }

    @POST
    @Path("/answer")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Answer what a run asks",
            description =
                    "Whether a call may be made, or what the output of a call is that only a person can answer. The "
                            + "last answer lets the run go on. The same answer again is taken as the first one was.")
    @APIResponse(
            responseCode = "202",
            description = "It is durable.",
            headers =
                    @Header(
                            name = "Location",
                            description = "The run",
                            schema = @Schema(implementation = String.class)),
            content = @Content(schema = @Schema(implementation = RunAnswer.Taken.class)))
    @APIResponse(responseCode = "400", description = "`missing_field`, `bad_value`")
    @APIResponse(responseCode = "404", description = "`unknown_run`")
    @APIResponse(
            responseCode = "409",
            description =
                    "`nothing_asked`: the run asks nothing, or not this. `already_answered`: with something else.")
    public Response answer(@Context SecurityContext security, @PathParam("r") String r, RunAnswer body) {
        var caller = Caller.of(security);
        var found = run(Viewers.of(caller), r);
        var answer = body.checked(json);
        var taken =
                switch (answering.answer(
                        Viewers.of(caller),
                        found.id(),
                        body.callId(),
                        answer,
                        Audit.By.of(caller, RequestId.of(request)))) {
                    case AnswerResult.Resumed _ -> new RunAnswer.Taken(found.id(), "queued");
                    case AnswerResult.MoreToAnswer _ -> new RunAnswer.Taken(found.id(), "requires_action");
                    case AnswerResult.Repeated _ ->
                        new RunAnswer.Taken(
                                found.id(), run(Viewers.of(caller), r).state().apiName());
                    case AnswerResult.Conflict _ ->
                        throw Problem.of(
                                409,
                                "already_answered",
                                "This was answered before, and not like this. The first answer counts.");
                    case AnswerResult.OtherKind other ->
                        throw Refusals.badValue(
                                "approved",
                                other.kind().equals(Question.APPROVAL)
                                        ? "The run asks whether a call may be made. Send approved, true or false."
                                        : "The run asks for the output of a call. Send output, or approved as false.");
                    case AnswerResult.NotPaused now -> throw nothingAsked(now.state());
                    case AnswerResult.Unknown _ -> throw nothingAsked(found.state());
                };
        return Response.accepted(taken)
                .header("Location", "/api/runs/" + found.id())
                .build();
    }

    private static Problem nothingAsked(RunState state) {
        return Problem.of(
                409,
                "nothing_asked",
                "The run is " + state.apiName() + " and does not ask this. GET the run to see its questions.");
    }

    private RunView run(Viewer viewer, String r) {
        return Ids.ours(r).flatMap(id -> runs.find(viewer, id)).orElseThrow(Refusals::unknownRun);
    }
}
