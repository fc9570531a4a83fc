package dev.continuo.tool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.continuo.catalog.AgentTools;
import dev.continuo.tool.Tool.Approval;
import dev.continuo.tool.Tool.Traits;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyTest {
    @ParameterizedTest
    @CsvSource({
        "AUTO,true,NONE",
        "AUTO,false,NONE",
        "READONLY,true,NONE",
        "READONLY,false,ASK",
        "ASK,true,ASK",
        "ASK,false,ASK"
    })
    void which_calls_wait_for_a_person(AgentTools.Approval policy, boolean readOnly, Approval expected) {
        for (boolean idempotent : new boolean[] {true, false}) {
            assertThat(McpToolboxes.policy(policy).apply(new Traits(readOnly, idempotent)))
                    .isEqualTo(expected);
        }
    }
}
