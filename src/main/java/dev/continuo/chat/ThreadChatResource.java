package dev.continuo.chat;

import dev.continuo.identity.Caller;
import dev.continuo.web.MaxBody;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.sse.SseEventSink;
import java.io.IOException;
import java.io.InputStream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The same as {@code POST /api/chat}, for clients that send no chat id in the body. */
@Path("threads/{t}/chat")
@Singleton
@Tag(name = "AI SDK")
public class ThreadChatResource {
    private final ChatResource chat;

    @Inject
    public ThreadChatResource(ChatResource chat) {
        this.chat = chat;
    }

    @POST
    @Consumes({MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN})
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @MaxBody(MaxBody.Size.HISTORY)
    @Operation(summary = "Send the last message of a chat to this thread and read the answer")
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
            @PathParam("t") String thread,
            @HeaderParam(Declared.HEADER) String declared,
            @Context SecurityContext security,
            @Context HttpServletRequest request,
            @Context HttpServletResponse response,
            @Context SseEventSink sink)
            throws IOException {
        chat.answer(
                new ChatStreams.Exchange(request, response, sink),
                Caller.of(security),
                thread,
                ChatBody.read(body),
                declared);
    }
}
