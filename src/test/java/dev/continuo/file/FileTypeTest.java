package dev.continuo.file;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.continuo.web.Problem;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The bytes decide; the sender is believed only where it can do no harm. */
class FileTypeTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // The bytes, what they are said to be, what they are.
                "89 P N G 0D 0A 1A 0A 00 | image/png | PNG",
                "89 P N G 0D 0A 1A 0A 00 | text/html | PNG",
                "FF D8 FF E0 00 10 | image/png | JPEG",
                "G I F 8 9 a | image/gif | GIF",
                "G I F 8 7 a | '' | GIF",
                "R I F F 24 00 00 00 W E B P | image/webp | WEBP",
                "R I F F 24 00 00 00 W A V E | image/webp | none",
                "% P D F - 1 . 7 0A | application/octet-stream | PDF",
                "% P D F | application/pdf | none",
                "h i | text/plain | PLAIN",
                "h i | text/markdown; charset=utf-8 | MARKDOWN",
                "a , b | TEXT/CSV | CSV",
                "{ } | application/json | JSON",
                "h i | application/x-sh | PLAIN",
                "h i | '' | PLAIN",
                "< h t m l > | text/html | PLAIN",
                "< s v g / > | image/svg+xml | PLAIN",
                "h i | image/png | none",
                "h i | application/pdf | none",
                "h i | video/mp4 | none",
                "h 00 i | text/plain | none",
                "h 1B [ | text/plain | none",
                "C3 28 | text/plain | none",
                "FF FE h 00 | text/plain | none",
                "P K 03 04 | application/zip | none",
                "7F E L F 02 | application/octet-stream | none",
            })
    void a_file_is_what_its_bytes_are(String bytes, String declared, String type) {
        assertThat(FileType.of(bytes(bytes), declared).map(Enum::name).orElse("none"))
                .isEqualTo(type);
    }

    private static byte[] bytes(String spaced) {
        var text = new StringBuilder();
        for (var word : spaced.strip().split(" ")) {
            text.append(word.length() == 2 ? (char) Integer.parseInt(word, 16) : word.charAt(0));
        }
        return text.toString().getBytes(ISO_8859_1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "photo.png | photo.png",
                "C:\\Users\\ann\\photo.png | photo.png",
                "../../etc/passwd | passwd",
                "'a\tb\nc' | a b c",
                "'' | file",
                "'dir/' | file",
            })
    void a_name_is_one_step_on_one_line(String sent, String kept) {
        assertThat(upload(sent, "hi").name()).isEqualTo(kept);
    }

    @Test
    void a_name_has_an_end() {
        assertThat(upload("😀".repeat(300), "hi").name()).isEqualTo("😀".repeat(200));
    }

    @Test
    void nothing_and_too_much_are_refused() {
        assertThatThrownBy(() -> upload("x", ""))
                .isInstanceOfSatisfying(Problem.class, p -> assertThat(p.code()).isEqualTo("empty_file"));
        assertThat(upload("x", "x".repeat(100)).content()).hasSize(100);
        assertThatThrownBy(() -> upload("x", "x".repeat(101)))
                .isInstanceOfSatisfying(Problem.class, p -> assertThat(p.code()).isEqualTo("file_too_large"));
        assertThatThrownBy(() -> upload("x.txt", "\u0000"))
                .isInstanceOfSatisfying(Problem.class, p -> assertThat(p.code()).isEqualTo("unsupported_file"));
    }

    private static Upload upload(String name, String content) {
        return Upload.of(new UUID(0, 1), name, "text/plain", content.getBytes(ISO_8859_1), 100);
    }

    @Test
    void a_name_leaves_its_header_as_it_is() {
        var file = new StoredFile(new UUID(0, 1), "a\"; b=\u00e9\u20ac.png", FileType.PNG, 1);
        assertThat(Disposition.of(file))
                .isEqualTo("inline; filename=\"a__ b___.png\"; filename*=UTF-8''a%22%3B%20b%3D%C3%A9%E2%82%AC.png");
        assertThat(Disposition.of(new StoredFile(new UUID(0, 1), "a.pdf", FileType.PDF, 1)))
                .startsWith("attachment; ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "data:text/plain;base64,aGk= | text/plain",
                "data:text/plain;charset=utf-8;base64,aGk= | text/plain;charset=utf-8",
                "data:;base64,aGk= | ''",
                "data:text/plain,hi | none",
                "data:text/plain;base64,a?k= | none",
                "data:text/plain;base64 | none",
                "https://files.test/a.png | none",
                "file:///etc/passwd | none",
                "/api/files/00000000-0000-0000-0000-000000000001 | none",
            })
    void a_data_url_is_a_file_in_base64(String url, String media) {
        assertThat(DataUrl.parse(url).map(DataUrl::mediaType).orElse("none")).isEqualTo(media);
    }

    @ParameterizedTest
    @CsvSource({
        "/api/files/00000000-0000-0000-0000-000000000001,true",
        "/api/files/00000000-0000-0000-0000-000000000001/,false",
        "/api/files/none,false",
        "//evil.test/api/files/00000000-0000-0000-0000-000000000001,false",
        "https://evil.test/api/files/00000000-0000-0000-0000-000000000001,false",
        "/api/files/../files/00000000-0000-0000-0000-000000000001,false",
    })
    void a_file_of_ours_is_named_by_one_path(String url, boolean ours) {
        assertThat(FileParts.named(url).isPresent()).isEqualTo(ours);
    }
}
