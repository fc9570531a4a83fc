package dev.continuo.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReportTest {
    @Test
    void the_plot_is_xml_with_every_fault_in_it() throws Exception {
        var svg = DelayPlot.of(
                "a < b",
                List.of(new Delay(1_000, 5), new Delay(30_000, 2_500)),
                List.of(
                        new Injected(FaultKind.NODE_KILL, "node-1", 10_000, 14_000),
                        new Injected(FaultKind.NATS_CUT, "node-2", 20_000, 20_001)),
                0,
                60_000);
        javax.xml.parsers.DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new java.io.ByteArrayInputStream(svg.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        assertThat(svg).contains("node kill node-1, 4.0 s", "nats cut node-2", "minutes since the start");
    }

    @Test
    void a_recovery_is_from_the_fault_to_the_next_epoch_of_what_the_node_had() {
        var history = new Healthy();
        var stored = new Stored(history.runs, history.sent, history.moves, history.late);
        var kill = new Injected(FaultKind.NODE_KILL, "node-1", 2_000, 9_000);
        var ofAnother = new Injected(FaultKind.NODE_KILL, "node-3", 2_000, 9_000);
        assertThat(Recovery.of(List.of(kill, ofAnother), stored))
                .isEqualTo(Map.of(FaultKind.NODE_KILL, List.of(2_120L)));
    }

    @Test
    void a_word_tells_whose_chunk_it_ends() {
        assertThat(Prompt.Told.lastOf("wA12-3 wA12-4 ")).isEqualTo(Optional.of(new Prompt.Told("wA12", 4)));
        assertThat(Prompt.Told.lastOf("wA12-3 wA1")).isEmpty();
    }
}
