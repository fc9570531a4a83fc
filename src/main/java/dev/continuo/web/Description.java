package dev.continuo.web;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;

/** Completes what the resources say of themselves in OpenAPI: a name for each operation, the refusals that all have in
 * common, and the one form of every refusal. */
public class Description implements OASFilter {
    private static final String PROBLEM = "#/components/schemas/Problem";

    private static final Map<String, String> EVERYWHERE = Map.of(
            "401", "`unauthenticated`, `bad_key`, `bad_token` or `bad_ticket`",
            "403", "`missing_scope`, `read_only` or `foreign_origin`",
            "421", "`unknown_host`: this server does not answer to that name.",
            "429", "`too_many_requests` or `too_many_failures`, with Retry-After.",
            "503", "`database_unavailable` or `issuer_unavailable`: try again after as long as Retry-After says.");

    @Override
    public void filterOpenAPI(OpenAPI api) {
        if (api.getComponents() == null) {
            api.setComponents(OASFactory.createComponents());
        }
        api.getComponents().addSchema("Problem", problem());
        api.getPaths().getPathItems().forEach((path, item) -> item.getOperations()
                .forEach((method, operation) -> complete(path, method.name(), operation)));
    }

    private static void complete(String path, String method, Operation operation) {
        if (operation.getOperationId() == null) {
            operation.setOperationId(name(method, path));
        }
        var responses = operation.getResponses();
        var all = new TreeMap<String, APIResponse>(responses.getAPIResponses());
        EVERYWHERE.forEach((status, says) -> all.putIfAbsent(status, said(says)));
        all.putIfAbsent("400", said("`bad_id`, `bad_value`, `bad_query`, …: something is misspelt; `field` names it."));
        if (operation.getRequestBody() != null) {
            operation.getRequestBody().setRequired(true);
            all.putIfAbsent("413", said("`body_too_large`"));
            all.putIfAbsent("415", said("`unsupported_media_type`"));
        }
        all.forEach((status, response) -> {
            if (status.compareTo("400") >= 0 && response.getContent() == null) {
                response.setContent(form());
            }
        });
        responses.setAPIResponses(all);
    }

    /** Such as {@code postThreadsMessages}. */
    private static String name(String method, String path) {
        var name = new StringBuilder(method.toLowerCase(Locale.ROOT));
        for (var part : path.substring("/api/".length()).split("/")) {
            if (part.startsWith("{")) {
                name.append("One");
            } else {
                for (var word : part.split("-")) {
                    name.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
                }
            }
        }
        return name.toString();
    }

    private static APIResponse said(String description) {
        return OASFactory.createAPIResponse().description(description);
    }

    private static org.eclipse.microprofile.openapi.models.media.Content form() {
        return OASFactory.createContent()
                .addMediaType(
                        ProblemMapper.TYPE,
                        OASFactory.createMediaType()
                                .schema(OASFactory.createSchema().ref(PROBLEM)));
    }

    private static Schema problem() {
        return OASFactory.createSchema()
                .addType(SchemaType.OBJECT)
                .description("RFC 9457: what is wrong, and what to do")
                .addProperty("type", text("about:blank"))
                .addProperty("title", text("The status in words"))
                .addProperty("status", OASFactory.createSchema().addType(SchemaType.INTEGER))
                .addProperty("code", text("Stable, for programs"))
                .addProperty("detail", text("A sentence for people that says what to do"))
                .addProperty("field", text("The place in the body, where there is one"))
                .required(List.of("type", "title", "status", "code", "detail"));
    }

    private static Schema text(String description) {
        return OASFactory.createSchema().addType(SchemaType.STRING).description(description);
    }
}
