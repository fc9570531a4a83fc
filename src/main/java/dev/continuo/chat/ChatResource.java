package dev.continuo.chat;

import dev.continuo.attach.Entitlement;
import dev.continuo.cancel.Cancellation;
import dev.continuo.identity.Audit;
import dev.continuo.identity.Caller;
import dev.continuo.run.CancelResult;
import dev.continuo.run.RunView;
import dev.continuo.web.Ids;
import dev.continuo.web.MaxBody;
import dev.continuo.web.Problem;
import dev.continuo.web.RequestId;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.sse.SseEventSink;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What {@code useChat} talks to: point its transport at {@code /api/chat} and it works, on any node. */
@Path("chat")
@Singleton
@Tag(name = "AI SDK", description = "For unmodified clients of the npm package ai, versions 5, 6 and 7.")
public class ChatResource {
    static final String RUN_HEADER = "x-continuo-run-id";

    private final ChatIntake intake;
    private final ChatAnswers answers;
    private final ChatRuns runs;
    private final ChatStreams streams;
    private final Entitlement entitlement;
    private final Cancellation cancellation;

    @Inject
    public ChatResource(
            ChatIntake intake,
            ChatAnswers answers,
            ChatRuns runs,
            ChatStreams streams,
            Entitlement entitlement,
            Cancellation cancellation) {
        this.intake = intake;
        this.answers = answers;
        this.runs = runs;
        this.streams = streams;
        this.entitlement = entitlement;
        this.cancellation = cancellation;
    }

    @POST
    @Consumes({MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN})
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @MaxBody(MaxBody.Size.HISTORY)
    @Operation(
            summary = "Send the last message of a chat and read the answer",
            description = "The body is what DefaultChatTransport sends; of the history only the last message counts, "
                    + "and its id is the idempotency key: the same again replays the same run. An assistant's message "
                    + "last is an answer to what its run asks; then only what follows is read.")
    @RequestBody(
            required = true,
            content = {
                @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(implementation = ChatPost.class)),
                @Content(mediaType = MediaType.TEXT_PLAIN, schema = @Schema(implementation = ChatPost.class))
            })
    @APIResponse(
            responseCode = "200",
            description = "The run's stream of UI message chunks.",
            content =
                    @Content(mediaType = MediaType.SERVER_SENT_EVENTS, schema = @Schema(implementation = String.class)))
    @APIResponse(responseCode = "400", description = "`malformed_json`, `unsupported`, `empty_message`, …")
    @APIResponse(responseCode = "404", description = "`unknown_thread`: another member's.")
    @APIResponse(responseCode = "409", description = "`key_reused`, `already_answered`, `nothing_asked`")
    public void send(
            InputStream body,
            @HeaderParam(Declared.HEADER) String declared,
            @Context SecurityContext security,
            @Context HttpServletRequest request,
            @Context HttpServletResponse response,
            @Context SseEventSink sink)
            throws IOException {
        var post = ChatBody.read(body);
        var chat = post.text("id").orElseThrow(() -> Problem.of(
                        400,
                        "missing_field",
                        "The chat's id is missing. Send it as 'id', or post to /api/threads/{id}/chat.")
                .at("id"));
        answer(new ChatStreams.Exchange(request, response, sink), Caller.of(security), chat, post, declared);
    }

    void answer(ChatStreams.Exchange exchange, Caller caller, String chat, ChatBody post, String declared) {
        if (ChatAnswers.isOne(post)) {
            follow(
                    exchange,
                    caller,
                    answers.take(
                            Entitlement.viewer(caller),
                            chat,
                            post,
                            Audit.By.of(caller, RequestId.of(exchange.request()))),
                    post,
                    declared);
            return;
        }
        var accepted = intake.accept(caller, Ids.checked(chat), post);
        streams.open(
                exchange,
                caller,
                new ChatStreams.Run(accepted.thread(), accepted.run(), accepted.answer()),
                Viewing.fresh(post.reader(), Declared.of(declared)),
                entitlement.during(caller, accepted.thread()));
    }

    private void follow(
            ChatStreams.Exchange exchange, Caller caller, ChatAnswers.Answered taken, ChatBody post, String declared) {
        var run = taken.run();
        streams.open(
                exchange,
                caller,
                new ChatStreams.Run(run.thread(), run.id(), run.answerId()),
                Viewing.following(post.reader(), Declared.of(declared), taken.after()),
                entitlement.during(caller, run.thread()));
    }

    @GET
    @Path("{id}/stream")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @Operation(
            summary = "Read the answer again, from its start or from a chunk, then live",
            description = "By a thread's id: the run at work, or the one that ended within the last 30 seconds. By a "
                    + "run's id: that run. With startIndex exactly from that chunk; negative counts from the tail.")
    @APIResponse(
            responseCode = "200",
            description = "The run's stream of UI message chunks.",
            content =
                    @Content(mediaType = MediaType.SERVER_SENT_EVENTS, schema = @Schema(implementation = String.class)))
    @APIResponse(responseCode = "204", description = "This chat has no answer under way.")
    public void resume(
            @PathParam("id") String id,
            @QueryParam("startIndex") String startIndex,
            @HeaderParam(Declared.HEADER) String declaredTypes,
            @Context SecurityContext security,
            @Context HttpServletRequest request,
            @Context HttpServletResponse response,
            @Context SseEventSink sink) {
        var caller = Caller.of(security);
        var viewer = Entitlement.viewer(caller);
        var start = StartIndex.parse(startIndex);
        var run = runs.named(viewer, id)
                .or(() -> runs.toResume(viewer, id))
                .orElseThrow(
                        () -> new WebApplicationException(Response.noContent().build()));
        if (start.filter(StartIndex::countsFromTheTail).isPresent()) {
            response.setHeader("x-workflow-stream-tail-index", Integer.toString(run.committedIdx() - 1));
        }
        var declared = Declared.of(declaredTypes);
        streams.open(
                new ChatStreams.Exchange(request, response, sink),
                caller,
                new ChatStreams.Run(run.thread(), run.id(), run.answerId()),
                start.map(s -> Viewing.counting(declared, s.after(run.committedIdx())))
                        .orElseGet(() -> Viewing.replay(declared)),
                entitlement.during(caller, run.thread()));
    }

    @POST
    @Path("{id}/stop")
    @Operation(
            summary = "Cancel the answer under way",
            description = "The run named by x-continuo-run-id, else the one at work in this thread. Safe to repeat.")
    @APIResponse(responseCode = "202", description = "It is cancelled, durably; its stream ends in a moment.")
    @APIResponse(responseCode = "204", description = "There is nothing to cancel.")
    @APIResponse(responseCode = "404", description = "`unknown_run`")
    public Response stop(
            @PathParam("id") String id,
            @HeaderParam(RUN_HEADER) String named,
            @Context SecurityContext security,
            @Context HttpServletRequest request) {
        var caller = Caller.of(security);
        var viewer = Entitlement.viewer(caller);
        var by = Audit.By.of(caller, RequestId.of(request));
        Optional<UUID> run = named == null
                ? runs.named(viewer, id).or(() -> runs.active(viewer, id)).map(RunView::id)
                : Optional.of(runs.named(viewer, named).map(RunView::id).orElseThrow(ChatResource::unknown));
        return switch (run.map(r -> cancellation.cancel(viewer, r, by)).orElse(null)) {
            case CancelResult.Requested _, CancelResult.Cancelled _ ->
                Response.accepted().build();
            case CancelResult.AlreadyFinished _, CancelResult.Unknown _ ->
                Response.noContent().build();
            case null -> Response.noContent().build();
        };
    }

    static Problem unknown() {
        return Problem.of(
                404, "unknown_thread", "You have no such thread or run. GET /api/threads lists your threads.");
    }
}
