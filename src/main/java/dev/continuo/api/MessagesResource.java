package dev.continuo.api;

import dev.continuo.catalog.Catalog;
import dev.continuo.file.Files;
import dev.continuo.identity.Caller;
import dev.continuo.intake.Acceptance;
import dev.continuo.intake.Acceptance.Accepted;
import dev.continuo.intake.Acceptance.Busy;
import dev.continuo.intake.Acceptance.Conflict;
import dev.continuo.intake.Acceptance.QueueFull;
import dev.continuo.intake.Acceptance.UnknownFile;
import dev.continuo.intake.Acceptance.UnknownMessage;
import dev.continuo.intake.Acceptance.UnknownThread;
import dev.continuo.intake.Edited;
import dev.continuo.intake.Intake;
import dev.continuo.thread.Messages;
import dev.continuo.thread.Reach;
import dev.continuo.thread.Threads;
import dev.continuo.thread.Viewer;
import dev.continuo.web.Ids;
import dev.continuo.web.Limits;
import dev.continuo.web.Problem;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.headers.Header;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

@Path("/threads/{t}/messages")
@Singleton
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Messages", description = "What was said. Accepted is durable: after 202 the message and its run exist.")
public class MessagesResource {
    private static final Pattern CURSOR = Pattern.compile("[0-9]{1,18}\\.[01]");

    private final Intake intake;
    private final Threads threads;
    private final Messages messages;
    private final Catalog catalog;
    private final Files files;
    private final Limits limits;

    @Inject
    public MessagesResource(
            Intake intake, Threads threads, Messages messages, Catalog catalog, Files files, Limits limits) {
        this.intake = intake;
        this.threads = threads;
        this.messages = messages;
        this.catalog = catalog;
        this.files = files;
        this.limits = limits;
    }

    @GET
    @Operation(
            summary = "List the last messages of the active branch, oldest first; `next` leads to older ones",
            description = "Where a message was said, or answered, in several ways, `siblings` names them all.")
    @APIResponse(responseCode = "200", description = "A page of them.")
    @APIResponse(responseCode = "404", description = "`unknown_thread` or `unknown_message`: unknown, or not yours.")
    public MessageView.Listed list(
            @Context SecurityContext security,
            @PathParam("t") String t,
            @Parameter(description = "An answer or a message: the branch through it, instead of the active one")
                    @QueryParam("branch")
                    String branch,
            @QueryParam("before") String before,
            @QueryParam("limit")
                    @Parameter(
                            schema =
                                    @Schema(
                                            type = SchemaType.INTEGER,
                                            minimum = "1",
                                            maximum = "500",
                                            defaultValue = "100"))
                    String limit) {
        var viewer = Viewers.of(security);
        if (before != null && !CURSOR.matcher(before).matches()) {
            throw Refusals.badCursor();
        }
        var thread = threads.find(viewer, Ids.checked(t)).orElseThrow(Refusals::unknownThread);
        var leaf = Optional.ofNullable(branch)
                .map(b -> messages.leafThrough(thread.id(), Ids.checked(b)).orElseThrow(Refusals::unknownMessage));
        var page =
                messages.list(viewer, thread.id(), leaf, Optional.ofNullable(before), Refusals.limit(limit, 100, 500));
        var siblings = new Siblings(messages.forks(thread.id()));
        return new MessageView.Listed(
                page.items().stream()
                        .map(m -> MessageView.of(m, siblings.of(m)))
                        .toList(),
                page.next());
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Send a message; its thread is made if there is none of this id",
            description = "The message's id is the idempotency key: the same again answers the same ids, another body "
                    + "under it is refused. After a 503, or no answer, send it again with the same key.")
    @APIResponse(
            responseCode = "202",
            description = "It is durable and will be answered.",
            headers =
                    @Header(
                            name = "Location",
                            description = "Its run",
                            schema = @Schema(implementation = String.class)),
            content = @Content(schema = @Schema(implementation = AcceptedView.class)))
    @APIResponse(
            responseCode = "400",
            description =
                    "`malformed_json`, `unknown_field`, `wrong_type`, `missing_field`, `bad_value`, `empty_message`, "
                            + "`message_too_long`, `too_many_files`, `bad_id`, `two_keys` or `unsupported`; `field` names the place.")
    @APIResponse(responseCode = "404", description = "`unknown_thread`: another member's; or `unknown_file`.")
    @APIResponse(
            responseCode = "409",
            description = "`key_reused`, `busy` where onBusy is reject, or `key_required`: the provider has no key.")
    @APIResponse(responseCode = "413", description = "`body_too_large`")
    @APIResponse(responseCode = "415", description = "`unsupported_media_type`")
    @APIResponse(responseCode = "429", description = "`queue_full` or `too_many_requests`, with Retry-After.")
    @APIResponse(responseCode = "503", description = "`database_unavailable`: send it again with the same key.")
    public Response send(
            @Context SecurityContext security,
            @PathParam("t") String t,
            @HeaderParam("Idempotency-Key") String header,
            PostMessage body) {
        body.check(limits);
        var thread = Ids.checked(t);
        var caller = Caller.of(security);
        var own = new Viewer(caller.org(), caller.subject(), Reach.OWN);
        var parts = files.complete(own, PostMessage.tree(body.message().parts()), "message.parts");
        var sent = body.toSent(caller, thread, body.key(header), parts);
        catalog.check(caller.org(), body.wish(), body.heat(), () -> intake.knows(sent));
        return response(intake.accept(sent));
    }

    @POST
    @Path("/{m}/regenerate")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Answer a message anew, as another branch; the answer that was there stays",
            description =
                    "`m` is the answer that shall be replaced, once however often it is asked for; or the message, "
                            + "whose newest answer it is then.")
    @APIResponse(
            responseCode = "202",
            description = "It is durable and will be answered.",
            headers =
                    @Header(
                            name = "Location",
                            description = "Its run",
                            schema = @Schema(implementation = String.class)),
            content = @Content(schema = @Schema(implementation = AcceptedView.class)))
    @APIResponse(responseCode = "404", description = "`unknown_thread` or `unknown_message`: unknown, or not your own.")
    @APIResponse(responseCode = "409", description = "`busy` where onBusy is reject.")
    @APIResponse(responseCode = "429", description = "`queue_full` or `too_many_requests`, with Retry-After.")
    public Response regenerate(
            @Context SecurityContext security, @PathParam("t") String t, @PathParam("m") String m, Regenerate body) {
        var caller = Caller.of(security);
        body.check(caller, catalog);
        return response(intake.regenerate(body.of(caller, Ids.checked(t), Ids.checked(m))));
    }

    @Schema(name = "MessagePatch")
    public record MessagePatch(@Schema(required = true) List<PostMessage.Part> parts) {}

    @PATCH
    @Path("/{m}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Change a message that waits for its turn",
            description =
                    "It keeps its place, its ids and its key; a repeat is recognised by the new parts from now on.")
    @APIResponse(
            responseCode = "200",
            description = "The message as it will be answered.",
            content = @Content(schema = @Schema(implementation = MessageView.class)))
    @APIResponse(responseCode = "400", description = "As for sending one.")
    @APIResponse(
            responseCode = "404",
            description = "`unknown_thread`, `unknown_message` or `unknown_file`: unknown, or not your own.")
    @APIResponse(responseCode = "409", description = "`already_started`: it is being answered, or was.")
    public MessageView edit(
            @Context SecurityContext security, @PathParam("t") String t, @PathParam("m") String m, MessagePatch body) {
        var caller = Caller.of(security);
        var own = new Viewer(caller.org(), caller.subject(), Reach.OWN);
        var thread = threads.find(own, Ids.checked(t)).orElseThrow(Refusals::unknownThread);
        PostMessage.checkParts(body.parts(), "parts", limits);
        var parts = files.complete(own, PostMessage.tree(body.parts()), "parts");
        return switch (intake.edit(own, thread.id().toString(), Ids.checked(m), parts)) {
            case Edited.Changed changed -> MessageView.of(changed.message(), List.of());
            case Edited.AlreadyStarted started ->
                throw Problem.of(
                        409,
                        "already_started",
                        "Run " + started.run() + " answers this message already. Cancel it, or send another message.");
            case Edited.UnknownMessage _ -> throw Refusals.unknownMessage();
            case Edited.UnknownFile _ -> throw Files.unknown().at("parts");
        };
    }

    private static Response response(Acceptance acceptance) {
        return switch (acceptance) {
            case Accepted a ->
                Response.accepted(AcceptedView.of(a))
                        .header("Location", "/api/runs/" + a.run())
                        .build();
            case Conflict c ->
                throw Problem.of(
                                409,
                                "key_reused",
                                "This key was used for another message, which is answered by run " + c.run()
                                        + ". Send the new message under a new key.")
                        .at("message.id");
            case Busy b ->
                throw Problem.of(
                        409,
                        "busy",
                        "Run " + b.activeRun() + " of this thread is unfinished. Wait for it, cancel it, or send "
                                + "with onBusy enqueue.");
            case QueueFull full ->
                throw Problem.of(
                                429,
                                "queue_full",
                                "The queue of this " + full.scope().name().toLowerCase(java.util.Locale.ROOT)
                                        + " is full (" + full.limit()
                                        + "). Try again after as long as Retry-After says.")
                        .retryAfter(full.retryAfter());
            case UnknownMessage _ -> throw Refusals.unknownMessage();
            case UnknownFile _ -> throw Files.unknown().at("message.parts");
            case UnknownThread _ -> throw Refusals.unknownThread();
        };
    }
}
