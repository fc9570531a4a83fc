package dev.continuo.api;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import dev.continuo.thread.TimeCursor;
import dev.continuo.usage.Spending;
import dev.continuo.usage.UsageRow;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

@Path("/usage")
@Singleton
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Usage", description = "What was spent: your own, and for the role admin that of the organisation.")
public class UsageResource {
    private static final int USUAL_DAYS = 30;
    private static final int MOST_DAYS = 366;

    private final Spending spending;
    private final Clock clock;

    @Inject
    public UsageResource(Spending spending, Clock clock) {
        this.spending = spending;
        this.clock = clock;
    }

    @Schema(name = "UsageOf")
    public record Of(
            @Schema(description = "The day, the model, the agent or the kind that it is of")
            String of,

            UsageView usage) {}

    @Schema(name = "UsageReport")
    public record Report(
            String from,
            String to,
            UsageView total,
            List<Of> byDay,
            List<Of> byModel,
            List<Of> byAgent,

            @Schema(description = "answer, or title") List<Of> byKind) {}

    @GET
    @Operation(
            summary = "Sum up what was used",
            description =
                    "Runs count on the day (UTC) on which they were asked for, with all their calls. What a deleted "
                            + "thread used stays in the sums.")
    @APIResponse(responseCode = "200", description = "The sums.")
    @APIResponse(responseCode = "400", description = "`bad_value`: a day is `2026-01-31`, at most 366 of them.")
    public Report usage(
            @Context SecurityContext security,
            @Parameter(description = "The first day; without it 30 days are shown") @QueryParam("from") String from,
            @Parameter(description = "The last day; without it today") @QueryParam("to") String to) {
        var last = to == null ? LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC) : day("to", to);
        var first = from == null ? last.minusDays(USUAL_DAYS - 1L) : day("from", from);
        long days = ChronoUnit.DAYS.between(first, last) + 1;
        if (days < 1 || days > MOST_DAYS) {
            throw Refusals.badValue("from", "From from to to are 1 to " + MOST_DAYS + " days. Send such days.");
        }
        var rows = spending.rows(Viewers.of(security), first, last);
        return new Report(
                first.toString(),
                last.toString(),
                UsageView.of(spending.sum(rows)),
                by(rows, r -> r.day().toString()),
                by(rows, UsageRow::model),
                by(rows, UsageRow::agent),
                by(rows, r -> r.kind().name().toLowerCase(java.util.Locale.ROOT)));
    }

    @Schema(name = "UsageOfThread")
    public record OfThread(
            String threadId,
            Optional<String> title,
            @Schema(description = "Who began it") String creator,
            Instant changedAt,
            UsageView usage) {}

    @Schema(name = "UsageOfThreads")
    public record OfThreads(List<OfThread> items, Optional<String> next) {}

    @GET
    @Path("/threads")
    @Operation(
            summary = "What each thread used, last changed first",
            description = "Your own threads; for the role admin those of the organisation. Archived ones, too.")
    @APIResponse(responseCode = "200", description = "The threads, and the cursor of the next ones.")
    @APIResponse(responseCode = "400", description = "`bad_value`: a limit, or a cursor that is none of ours.")
    public OfThreads threads(
            @Context SecurityContext security,
            @QueryParam("cursor") String cursor,
            @QueryParam("limit")
                    @Parameter(
                            schema =
                                    @Schema(
                                            type = SchemaType.INTEGER,
                                            minimum = "1",
                                            maximum = "200",
                                            defaultValue = "50"))
                    String limit) {
        var after = Optional.ofNullable(cursor).map(c -> TimeCursor.parse(c).orElseThrow(Refusals::badCursor));
        var page = spending.byThread(Viewers.of(security), after, Refusals.limit(limit, 50, 200));
        return new OfThreads(
                page.items().stream()
                        .map(t -> new OfThread(
                                t.shown(), t.title(), t.creator(), t.changedAt(), UsageView.of(spending.sum(t.rows()))))
                        .toList(),
                page.next());
    }

    private List<Of> by(List<UsageRow> rows, Function<UsageRow, String> key) {
        return rows.stream().collect(groupingBy(key, TreeMap::new, toList())).entrySet().stream()
                .map(e -> new Of(e.getKey(), UsageView.of(spending.sum(e.getValue()))))
                .toList();
    }

    private static LocalDate day(String field, String text) {
        try {
            var day = LocalDate.parse(text);
            if (day.getYear() >= 2000 && day.getYear() < 3000) {
                return day;
            }
        } catch (DateTimeParseException e) {
            // Said below.
        }
        throw Refusals.badValue(field, "A day is like 2026-01-31. Send such a day, or leave it out.");
    }
}
