package dev.continuo.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;

/** Files on their way from a user's hand into the conversation. */
class AttachmentsIT extends InBrowser {
    private static final String GIVE = """
            const [how, name, type, text] = arguments;
            const data = new DataTransfer();
            data.items.add(new File([text], name, {type}));
            const on = document.getElementById(how === 'paste' ? 'ask' : 'composer');
            on.dispatchEvent(how === 'paste'
              ? new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true})
              : new DragEvent('drop', {dataTransfer: data, bubbles: true, cancelable: true}));
            """;
    private static final String THERE = """
            const [count] = arguments;
            return document.querySelectorAll('#files .file').length === count
              && document.querySelectorAll('#files .file.busy').length === 0""";
    private static final String SHOWN = """
            const img = document.querySelector('.turn .question-files img');
            return img !== null && img.src.startsWith('blob:') && img.naturalWidth === 2
              && document.querySelector('.turn .question-files .file-name')?.textContent === 'notes.md'""";

    @TempDir
    private Path folder;

    @Test
    void files_are_chosen_pasted_dropped_taken_back_sent_and_shown() throws IOException {
        var driver = driver();
        var page = Console.open(driver, cluster.node(1).url(), cluster.apiKey());
        page.js("window.violations = []; document.addEventListener('securitypolicyviolation', "
                + "e => window.violations.push(e.violatedDirective + ' ' + e.blockedURI))");

        driver.findElement(By.id("file")).sendKeys(picture().toString());
        page.until("the picture is there", THERE, 1);
        page.js(GIVE, "paste", "notes.md", "text/markdown", "# Notes");
        page.until("so are the notes", THERE, 2);
        page.js(GIVE, "drop", "wrong.txt", "text/plain", "by mistake");
        page.until("so is what was dropped", THERE, 3);
        page.click("#files .file:last-child .file-remove");
        page.until("it is taken back", THERE, 2);
        page.js(GIVE, "drop", "no.zip", "application/zip", "PK\u0003\u0004");
        page.until(
                "what the server refuses is told",
                "return !document.getElementById('away').hidden && document.getElementById('away').textContent.includes('no.zip')");
        page.until("and goes", THERE, 2);

        page.send("many:2");
        page.awaitVerified(1);
        assertThat(page.questions()).containsExactly("many:2");
        page.until("they are shown", SHOWN);
        assertThat(page.js("return document.querySelectorAll('#files .file').length"))
                .isEqualTo(0L);
        assertThat(page.js("return window.violations")).isEqualTo(List.of());
        page.reload();
        page.until("they are shown again", SHOWN);

        var elsewhere = Console.open(driver, cluster.node(2).url(), cluster.apiKey(), page.thread());
        elsewhere.until("they are shown on another node", SHOWN);
    }

    @Test
    void a_message_of_files_only_goes_by_their_names_wherever_it_is_named() {
        var page = Console.open(driver(), cluster.node(1).url(), cluster.apiKey());
        page.send("slow:2000x50");
        page.awaitAnswerWith(1, "chunk-2 ");
        page.js(GIVE, "paste", "notes.md", "text/markdown", "# Notes");
        page.js(GIVE, "paste", "plan.md", "text/markdown", "# Plan");
        page.until("both are there", THERE, 2);
        page.press(Keys.ENTER);
        page.await("#queue [aria-label='Edit: notes.md, plan.md']");
        assertThat(page.queue()).containsExactly("notes.md, plan.md");
        page.click("#queue [title=Edit]");
        page.type("#queue textarea", "say:with words\n");
        page.awaitText("#queue .queued-text", "say:with words");
        assertThat(page.text("#queue .queued-files")).isEqualTo("2 files");
        page.click("#queue [title=Edit]");
        page.retype("#queue textarea", Keys.BACK_SPACE + "\n");
        page.awaitText("#queue .queued-text", "notes.md, plan.md");
        page.click("#stop");
        page.awaitTurns(2);
        page.awaitState(2, "completed");
        assertThat(page.texts(".turn:nth-child(2) .question-files .file-name")).containsExactly("notes.md", "plan.md");
        assertThat(page.shown(".turn:nth-child(2) .bubble")).isFalse();

        page.click("#new");
        page.awaitTurns(0);
        page.js(GIVE, "paste", "minutes.md", "text/markdown", "# Minutes");
        page.until("they are there", THERE, 1);
        page.press(Keys.ENTER);
        page.awaitState(1, "completed");
        page.awaitText("#title", "minutes.md");
        assertThat(page.text("#thread-list [aria-current] .name")).isEqualTo("minutes.md");
        page.click("[aria-label='Edit this message']");
        page.type(".reword", "say:uno\n");
        page.awaitText(".said .ways-at", "2/2");
        page.awaitState(1, "completed");
        assertThat(page.answer(1)).isEqualTo("uno");
        page.click("[aria-label='Regenerate this answer']");
        page.awaitText(".meta .ways-at", "2/2");
        page.reload();
        page.awaitState(1, "completed");
        assertThat(page.texts(".question-files .file-name")).containsExactly("minutes.md");
        page.click(".said .ways [title='Previous version']");
        page.until("files alone", "return document.querySelector('.bubble').hidden");
        assertThat(page.texts(".question-files .file-name")).containsExactly("minutes.md");
    }

    /** Two pixels wide. */
    private Path picture() throws IOException {
        var image = new java.awt.image.BufferedImage(2, 1, java.awt.image.BufferedImage.TYPE_INT_RGB);
        var file = folder.resolve("dots.png");
        try (var out = Files.newOutputStream(file)) {
            javax.imageio.ImageIO.write(image, "png", out);
        }
        return file;
    }
}
