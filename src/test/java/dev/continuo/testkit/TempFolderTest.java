package dev.continuo.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TempFolderTest {
    @TempDir
    private Path parent;

    @Test
    void the_name_of_a_discarded_folder_is_free_at_once() throws IOException {
        var data = full("data");
        TempFolder.discard(data);
        var next = Files.createFile(Files.createDirectory(data).resolve("next"));

        Await.until("the old one to be gone", Duration.ofSeconds(30), this::nothingIsDiscarded);
        assertThat(next).exists();
    }

    @Test
    void what_is_being_discarded_can_be_deleted() throws IOException {
        for (int i = 0; i < 10; i++) {
            TempFolder.discard(full("data"));
            TempFolder.delete(parent.resolve("data"));
            TempFolder.delete(parent);
            Files.createDirectories(parent);
        }
        assertThat(parent).isEmptyDirectory();
    }

    @Test
    void what_is_not_there_is_no_trouble() {
        TempFolder.discard(parent.resolve("none"));
        TempFolder.delete(parent.resolve("none"));
    }

    private boolean nothingIsDiscarded() {
        try (var left = Files.list(parent)) {
            return left.noneMatch(p -> p.toString().contains("discarded"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Path full(String name) throws IOException {
        var folder = Files.createDirectory(parent.resolve(name));
        for (int i = 0; i < 300; i++) {
            Files.createFile(folder.resolve("file-" + i));
        }
        return folder;
    }
}
