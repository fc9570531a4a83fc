package dev.continuo.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealTest {
    private static final String OLD = key(1);
    private static final String NEW = key(2);
    private static final Place HERE = new Place(new UUID(1, 1), new UUID(2, 2));
    private static final Credential SECRET = new Credential("sk-canary-4711-ü");

    private final Seal seal = new Seal(MasterKeys.of(OLD));

    private static String key(int fill) {
        var bytes = new byte[32];
        java.util.Arrays.fill(bytes, (byte) fill);
        return Base64.getEncoder().encodeToString(bytes);
    }

    @Test
    void what_was_sealed_opens_at_its_place_and_is_not_to_be_seen_before() throws Exception {
        var sealed = seal.seal(SECRET, HERE);
        assertThat(new String(sealed, StandardCharsets.ISO_8859_1)).doesNotContain("canary");
        assertThat(seal.open(sealed, HERE)).isEqualTo(SECRET);
    }

    @Test
    void the_same_secret_is_never_sealed_to_the_same_bytes() {
        assertThat(seal.seal(SECRET, HERE)).isNotEqualTo(seal.seal(SECRET, HERE));
    }

    @Test
    void another_rows_ciphertext_does_not_open() {
        var sealed = seal.seal(SECRET, HERE);
        for (var elsewhere :
                new Place[] {new Place(HERE.org(), new UUID(3, 3)), new Place(new UUID(3, 3), HERE.id())}) {
            assertThatThrownBy(() -> seal.open(sealed, elsewhere)).isInstanceOf(Unreadable.class);
        }
    }

    @Test
    void no_bit_can_be_changed_and_no_byte_be_left_out() {
        var sealed = seal.seal(SECRET, HERE);
        for (int bit = 0; bit < sealed.length * 8; bit++) {
            var changed = sealed.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            assertThatThrownBy(() -> seal.open(changed, HERE)).isInstanceOf(Unreadable.class);
        }
        for (int length = 0; length < sealed.length; length++) {
            var cut = java.util.Arrays.copyOf(sealed, length);
            assertThatThrownBy(() -> seal.open(cut, HERE)).isInstanceOf(Unreadable.class);
        }
    }

    @Test
    void the_first_key_seals_and_all_of_them_open() throws Exception {
        var before = seal.seal(SECRET, HERE);
        var rotated = new Seal(MasterKeys.of(NEW, OLD));
        assertThat(rotated.open(before, HERE)).isEqualTo(SECRET);
        assertThat(rotated.isCurrent(before)).isFalse();
        var after = rotated.seal(SECRET, HERE);
        assertThat(rotated.isCurrent(after)).isTrue();
        assertThat(new Seal(MasterKeys.of(NEW)).open(after, HERE)).isEqualTo(SECRET);
        assertThatThrownBy(() -> seal.open(after, HERE)).isInstanceOf(Unreadable.class);
    }

    @Test
    void without_a_key_nothing_is_sealed() {
        var none = new Seal(new MasterKeys(Optional.empty(), Optional.of(" ")));
        assertThat(none.possible()).isFalse();
        assertThatThrownBy(() -> none.seal(SECRET, HERE)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void keys_come_from_a_file_one_a_line(@TempDir Path folder) throws Exception {
        var file = Files.writeString(folder.resolve("keys"), NEW + "\n" + OLD + "\n");
        var seal = new Seal(new MasterKeys(Optional.empty(), Optional.of(file.toString())));
        assertThat(seal.open(this.seal.seal(SECRET, HERE), HERE)).isEqualTo(SECRET);
    }

    @Test
    void a_wrong_key_is_refused_with_a_sentence_that_does_not_repeat_it() {
        for (var wrong : new String[] {"c2hvcnQ=", "not-base64!", OLD.substring(4)}) {
            assertThatThrownBy(() -> MasterKeys.of(wrong))
                    .hasMessageContaining("openssl rand -base64 32")
                    .hasMessageNotContaining(wrong);
        }
        assertThatThrownBy(() -> new MasterKeys(Optional.of(OLD), Optional.of("file")))
                .hasMessageContaining("not both");
        assertThatThrownBy(() -> new MasterKeys(Optional.empty(), Optional.of("/nowhere/key")))
                .hasMessageContaining("cannot be read");
    }

    @Test
    void a_credential_does_not_print_itself() throws Exception {
        assertThat(SECRET.toString() + Optional.of(SECRET)).doesNotContain("canary");
        var json = new com.fasterxml.jackson.databind.ObjectMapper();
        assertThatThrownBy(() -> json.writeValueAsString(SECRET)).hasMessageNotContaining("canary");
    }
}
