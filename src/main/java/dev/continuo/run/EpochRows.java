package dev.continuo.run;

import com.fasterxml.jackson.databind.JsonNode;
import dev.continuo.json.Mappers;
import dev.continuo.log.EpochBase;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/** The rows of {@code run_epochs} as one JSON column, so that a snapshot stays one statement. */
final class EpochRows {
    static final String JSON_ARRAY = """
            (select coalesce(jsonb_agg(jsonb_build_object('epoch', e.epoch, 'base', e.base_idx, 'voided', e.voided_idx,
               'unknown', e.voided_unknown, 'claim', e.claim_id, 'reason', e.reason) order by e.epoch), '[]')
             from run_epochs e where e.run_id = r.run_id)
            """;

    private EpochRows() {}

    static List<EpochBase> read(String array) {
        var bases = new ArrayList<EpochBase>();
        for (JsonNode row : Mappers.tree(array)) {
            bases.add(new EpochBase(
                    row.get("epoch").longValue(),
                    row.get("base").intValue(),
                    row.hasNonNull("claim")
                            ? Optional.of(UUID.fromString(row.get("claim").textValue()))
                            : Optional.empty(),
                    row.hasNonNull("voided") ? OptionalInt.of(row.get("voided").intValue()) : OptionalInt.empty(),
                    row.get("unknown").booleanValue(),
                    row.get("reason").textValue()));
        }
        return bases;
    }
}
