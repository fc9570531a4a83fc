package dev.continuo.file;

import dev.continuo.identity.Caller;
import dev.continuo.thread.Reach;
import dev.continuo.thread.Viewer;
import dev.continuo.web.Ids;
import dev.continuo.web.Limits;
import dev.continuo.web.MaxBody;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.InputStream;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.headers.Header;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Files come as they are, and go out so that no browser does anything with them but show a picture or save them. */
@Path("/files")
@Singleton
@Tag(name = "Files", description = "What messages refer to: images, PDFs and texts.")
public class FilesResource {
    /** Whoever reads slowly holds this much, and no connection of the database. */
    private static final int SLICE = 256 * 1024;

    private final Files files;
    private final Limits limits;

    @Inject
    public FilesResource(Files files, Limits limits) {
        this.files = files;
        this.limits = limits;
    }

    @Schema(name = "File")
    public record View(
            UUID id,

            @Schema(description = "What a message's part of the type file names it by")
            String url,

            @Schema(description = "What it is by its bytes") String mediaType,

            String filename,
            int bytes) {
        static View of(StoredFile file) {
            return new View(file.id(), file.url(), file.type().media(), file.name(), file.size());
        }
    }

    @POST
    @Consumes(MediaType.WILDCARD)
    @Produces(MediaType.APPLICATION_JSON)
    @MaxBody(MaxBody.Size.FILE)
    @Operation(
            summary = "Keep a file, so that a message can refer to it",
            description =
                    "The body is the file itself: a PNG, JPEG, GIF, WebP, PDF, or text in UTF-8. Its bytes decide "
                            + "what it is; the Content-Type only tells one kind of text from another. A file that no message "
                            + "refers to within a day is forgotten; any other goes with its thread.")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_OCTET_STREAM,
                            schema = @Schema(type = SchemaType.STRING, format = "binary")))
    @APIResponse(
            responseCode = "201",
            description = "It is kept.",
            headers =
                    @Header(
                            name = "Location",
                            description = "The file",
                            schema = @Schema(implementation = String.class)),
            content = @Content(schema = @Schema(implementation = View.class)))
    @APIResponse(responseCode = "400", description = "`empty_file`")
    @APIResponse(
            responseCode = "409",
            description = "`files_full`: too many that no message refers to, or too much of your organisation's.")
    @APIResponse(responseCode = "413", description = "`body_too_large`")
    @APIResponse(responseCode = "415", description = "`unsupported_file`")
    public Response upload(
            @Context SecurityContext security,
            @Parameter(description = "What people call it") @QueryParam("name") @DefaultValue("file") String name,
            @HeaderParam("Content-Type") @DefaultValue("") @Parameter(hidden = true) String declared,
            InputStream body)
            throws IOException {
        var caller = Caller.of(security);
        var upload = Upload.of(
                UUID.randomUUID(), name, declared, body.readNBytes(limits.fileBytes() + 1), limits.fileBytes());
        var kept = files.keep(new Viewer(caller.org(), caller.subject(), Reach.OWN), upload);
        return Response.status(201)
                .header("Location", kept.url())
                .entity(View.of(kept))
                .build();
    }

    @GET
    @Path("/{f}")
    @Produces(MediaType.WILDCARD)
    @Operation(
            summary = "Read a file",
            description = "Its sender may, and who may read all of the organisation. Pictures may be shown in a page, "
                    + "everything else is for saving; nothing in it is ever run.")
    @APIResponse(
            responseCode = "200",
            description = "Its bytes.",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_OCTET_STREAM,
                            schema = @Schema(type = SchemaType.STRING, format = "binary")))
    @APIResponse(responseCode = "404", description = "`unknown_file`: unknown, or not yours.")
    public Response read(@Context SecurityContext security, @PathParam("f") String f) {
        var caller = Caller.of(security);
        var viewer = new Viewer(caller.org(), caller.subject(), caller.readsAll() ? Reach.ORGANISATION : Reach.OWN);
        var found = Ids.ours(f).flatMap(id -> files.find(viewer, id)).orElseThrow(Files::unknown);
        var type = found.type();
        StreamingOutput content = out -> {
            for (int at = 0; at < found.size(); at += SLICE) {
                out.write(files.slice(viewer, found.id(), at, SLICE).orElseThrow(() -> new IOException("deleted")));
            }
        };
        return Response.ok(content)
                .header("Content-Length", found.size())
                .header(
                        "Content-Type",
                        type.shape() == FileType.Shape.TEXT ? type.media() + ";charset=utf-8" : type.media())
                .header("Content-Disposition", Disposition.of(found))
                .header("Content-Security-Policy", "default-src 'none'; sandbox")
                .header("Cross-Origin-Resource-Policy", "same-origin")
                .build();
    }
}
