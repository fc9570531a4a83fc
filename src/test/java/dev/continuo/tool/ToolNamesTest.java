package dev.continuo.tool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.continuo.tool.ToolNames.Origin;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class ToolNamesTest {
    private static String name(String server, String tool) {
        var origin = new Origin(server, tool);
        return ToolNames.of(List.of(origin)).get(origin);
    }

    @Test
    void a_plain_name_stays_as_it_is() {
        assertThat(name("files", "read-file_2")).isEqualTo("files__read-file_2");
    }

    @Test
    void what_had_to_be_changed_carries_a_hash_of_what_it_was() {
        assertThat(name("files", "read file")).matches("files__read_file_[0-9a-f]{8}");
        assertThat(name("files", "read.file"))
                .matches("files__read_file_[0-9a-f]{8}")
                .isNotEqualTo(name("files", "read file"));
        assertThat(name("files", "日本")).matches("files_____[0-9a-f]{8}");
        assertThat(name("7", "x")).isEqualTo("_7__x_" + name("7", "x").substring(6));
    }

    @Test
    void a_long_name_is_cut_to_what_every_provider_takes() {
        var one = name("s".repeat(64), "t".repeat(64));
        var other = name("s".repeat(64), "t".repeat(65));
        assertThat(one).hasSize(64).matches("s{55}_[0-9a-f]{8}");
        assertThat(other).hasSize(64).isNotEqualTo(one);
        assertThat(name("s", "t".repeat(61))).hasSize(64).doesNotContain("_" + "t".repeat(60) + "_");
        assertThat(name("s", "t".repeat(62))).hasSize(64).matches("s__t{52}_[0-9a-f]{8}");
    }

    @Test
    void two_that_would_be_one_are_told_apart_in_whatever_order_they_come() {
        var origins = new ArrayList<>(List.of(
                new Origin("a__b", "c"), new Origin("a", "b__c"), new Origin("a", "d"), new Origin("a", "b c")));
        var names = ToolNames.of(origins);
        assertThat(names.values()).doesNotHaveDuplicates().allMatch(n -> n.matches("[A-Za-z_][A-Za-z0-9_-]{0,63}"));
        assertThat(names.get(new Origin("a", "d"))).isEqualTo("a__d");
        assertThat(names.get(new Origin("a", "b__c"))).matches("a__b__c_[0-9a-f]{8}");
        Collections.reverse(origins);
        assertThat(ToolNames.of(origins)).isEqualTo(names);
    }
}
