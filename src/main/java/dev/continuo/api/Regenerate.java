package dev.continuo.api;

import dev.continuo.catalog.Catalog;
import dev.continuo.catalog.Wish;
import dev.continuo.identity.Caller;
import dev.continuo.intake.OnBusy;
import dev.continuo.intake.Regeneration;
import dev.continuo.run.OnTakeover;
import dev.continuo.run.RunOptions;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** How another answer shall come about; what is left out is as for a message that says nothing of it. */
@Schema(name = "Regenerate")
public record Regenerate(
        String agent,
        String tier,
        String model,

        @Schema(minimum = "0", maximum = "2") Double temperature,

        @Schema(
                enumeration = {"enqueue", "reject", "interrupt"},
                defaultValue = "enqueue")
        String onBusy,

        @Schema(
                enumeration = {"continue", "restart", "fail"},
                defaultValue = "continue")
        String onTakeover) {
    void check(Caller caller, Catalog catalog) {
        var wish = new Wish(Optional.ofNullable(agent), Optional.ofNullable(tier), Optional.ofNullable(model));
        catalog.check(caller.org(), wish, heat());
        PostMessage.checkOnTakeover(onTakeover);
        PostMessage.checkOnBusy(onBusy);
    }

    Regeneration of(Caller caller, String thread, String message) {
        return new Regeneration(
                caller.org(),
                caller.subject(),
                thread,
                List.of(message),
                new RunOptions(
                        Optional.ofNullable(agent),
                        Optional.ofNullable(tier),
                        Optional.ofNullable(model),
                        heat(),
                        onTakeover == null
                                ? OnTakeover.CONTINUE
                                : OnTakeover.valueOf(onTakeover.toUpperCase(Locale.ROOT))),
                onBusy == null ? OnBusy.ENQUEUE : OnBusy.valueOf(onBusy.toUpperCase(Locale.ROOT)));
    }

    private OptionalDouble heat() {
        return temperature == null ? OptionalDouble.empty() : OptionalDouble.of(temperature);
    }
}
