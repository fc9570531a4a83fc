package dev.continuo.browser;

import dev.continuo.testkit.Await;
import java.time.Duration;
import java.util.List;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.support.ui.Select;

/** One tab with the page in it, in the words of its user. */
final class Console {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final Duration LOOK = Duration.ofMillis(40);

    /** Notes each text that leaves an answer, and each that becomes shorter. */
    private static final String WATCH = """
            window.lostText = [];
            const texts = (node) => {
              if (node.nodeType === Node.TEXT_NODE) return [node];
              const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
              const all = [];
              while (walker.nextNode()) all.push(walker.currentNode);
              return all;
            };
            const answers = (node) => (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement)?.closest('.answer-body');
            window.textWatch = new MutationObserver((records) => {
              for (const record of records) {
                if (!answers(record.target)) continue;
                for (const node of record.removedNodes) for (const text of texts(node)) if (text.data) window.lostText.push(text.data);
                if (record.type === 'characterData' && !record.target.data.startsWith(record.oldValue)) window.lostText.push(record.oldValue);
              }
            });
            window.textWatch.observe(document.getElementById('transcript'),
              {subtree: true, childList: true, characterData: true, characterDataOldValue: true});
            """;

    private final ChromeDriver driver;
    private final String window;

    private Console(ChromeDriver driver) {
        this.driver = driver;
        this.window = driver.getWindowHandle();
    }

    /** Opens the page as {@code bin/dev} prints it. */
    static Console open(ChromeDriver driver, String url, String key) {
        return visit(driver, url + "/#key=" + key);
    }

    /** Opens a conversation as the page of another node links to it. */
    static Console open(ChromeDriver driver, String url, String key, String thread) {
        return visit(driver, url + "/#key=" + key + "&thread=" + thread);
    }

    private static Console visit(ChromeDriver driver, String url) {
        driver.get("about:blank");
        driver.get(url);
        var console = new Console(driver);
        console.awaitSignedIn();
        return console;
    }

    /** The same conversation in one more tab. */
    Console inAnotherTab() {
        var url = url();
        driver.switchTo().newWindow(WindowType.TAB);
        driver.get(url);
        var console = new Console(driver);
        console.awaitSignedIn();
        return console;
    }

    private void awaitSignedIn() {
        until("the page is there", "return !document.getElementById('app').hidden");
    }

    String url() {
        return (String) js("return location.href");
    }

    /** Empty for a conversation that does not exist yet. */
    String thread() {
        var url = url();
        return url.contains("#/t/") ? url.substring(url.indexOf("#/t/") + 4) : "";
    }

    void send(String text) {
        var field = find("#ask");
        field.sendKeys(text);
        field.sendKeys(Keys.ENTER);
    }

    void press(CharSequence key) {
        find("#ask").sendKeys(key);
    }

    /** At whatever has the focus. */
    void key(CharSequence... keys) {
        front();
        driver.switchTo().activeElement().sendKeys(keys);
    }

    void focus(String selector) {
        js("document.querySelector(arguments[0]).focus()", selector);
    }

    void awaitFocus(String selector) {
        until(selector + " has the focus", "return document.activeElement.matches(arguments[0])", selector);
    }

    void click(String selector) {
        find(selector).click();
    }

    void type(String selector, String text) {
        find(selector).sendKeys(text);
    }

    /** In place of what is there. */
    void retype(String selector, String text) {
        find(selector).sendKeys(Keys.chord(Keys.CONTROL, "a"), text);
    }

    /** An option of a select, by its value. */
    void pick(String selector, String value) {
        new Select(find(selector)).selectByValue(value);
    }

    void await(String selector) {
        until(selector, "return Boolean(document.querySelector(arguments[0]))", selector);
    }

    void awaitShown(String selector) {
        until(selector + " is shown", "return document.querySelector(arguments[0])?.checkVisibility()", selector);
    }

    void awaitClass(String selector, String name) {
        until(
                selector + " is " + name,
                "return document.querySelector(arguments[0]).classList.contains(arguments[1])",
                selector,
                name);
    }

    /** A page of the administration, by the link that its user takes. */
    void admin(String name) {
        awaitShown("#administer");
        click("#administer");
        until("the tabs", "return document.querySelectorAll('#admin-tabs a').length > 0");
        click("#admin-tabs [data-page=" + name + "]");
        await("#admin-body:not([aria-busy]) [data-page=" + name + "]");
    }

    /** The names of the pages. */
    List<String> offered() {
        awaitShown("#administer");
        click("#administer");
        until("the tabs", "return document.querySelectorAll('#admin-tabs a').length > 0");
        return texts("#admin-tabs a");
    }

    void visit(String fragment) {
        js("location.hash = arguments[0]", fragment);
    }

    /** The page's own button with these words. */
    void pressButton(String words) {
        until(
                "a button " + words,
                "const b = [...document.querySelectorAll('.page-head button')].find(b => b.textContent === arguments[0]); "
                        + "b?.click(); return Boolean(b)",
                words);
    }

    void awaitCount(String selector, int count) {
        until(
                count + " × " + selector,
                "return document.querySelectorAll(arguments[0]).length === arguments[1]",
                selector,
                count);
    }

    /** Of the first such element, exactly. */
    void awaitText(String selector, String text) {
        until(
                "‘" + text + "’ in " + selector,
                "return document.querySelector(arguments[0])?.textContent === arguments[1]",
                selector,
                text);
    }

    /** Of the first such element. */
    String text(String selector) {
        return (String) js("return document.querySelector(arguments[0]).textContent", selector);
    }

    @SuppressWarnings("unchecked")
    List<String> texts(String selector) {
        return (List<String>)
                js("return [...document.querySelectorAll(arguments[0])].map(e => e.textContent)", selector);
    }

    String data(String selector, String name) {
        return (String) js("return document.querySelector(arguments[0]).dataset[arguments[1]]", selector, name);
    }

    long count(String selector) {
        return (Long) js("return document.querySelectorAll(arguments[0]).length", selector);
    }

    boolean shown(String selector) {
        return (Boolean) js("return document.querySelector(arguments[0]).checkVisibility()", selector);
    }

    void reload() {
        front();
        driver.navigate().refresh();
        awaitSignedIn();
    }

    void awaitTurns(int count) {
        until(count + " turns", "return document.querySelectorAll('.turn').length === arguments[0]", count);
    }

    /** Turns count from 1. */
    String answer(int turn) {
        return (String) js(
                "return document.querySelectorAll('.turn')[arguments[0]]?.querySelector('.answer-body').textContent ?? ''",
                turn - 1);
    }

    void awaitAnswerWith(int turn, String text) {
        until(
                "‘" + text + "’ in answer " + turn,
                "return (document.querySelectorAll('.turn')[arguments[0]]?.querySelector('.answer-body').textContent ?? '').includes(arguments[1])",
                turn - 1,
                text);
    }

    void awaitState(int turn, String state) {
        until(
                "turn " + turn + " is " + state,
                "return document.querySelectorAll('.turn')[arguments[0]]?.dataset.state === arguments[1]",
                turn - 1,
                state);
    }

    /** The page has compared the terminal's SHA-256 with what it shows. */
    void awaitVerified(int turn) {
        until(
                "turn " + turn + " is what is stored",
                "return Boolean(document.querySelectorAll('.turn')[arguments[0]]?.querySelector('.verified'))",
                turn - 1);
    }

    String notice(int turn) {
        return (String) js(
                "return document.querySelectorAll('.turn')[arguments[0]].querySelector('.notice').textContent",
                turn - 1);
    }

    @SuppressWarnings("unchecked")
    List<String> questions() {
        return (List<String>) js("return [...document.querySelectorAll('.bubble')].map(b => b.textContent)");
    }

    @SuppressWarnings("unchecked")
    List<String> queue() {
        return (List<String>) js("return [...document.querySelectorAll('.queued-text')].map(b => b.textContent)");
    }

    void awaitQueue(int length) {
        until(
                length + " messages wait",
                "return document.querySelectorAll('.queued-text').length === arguments[0]",
                length);
    }

    void watchText() {
        js(WATCH);
    }

    @SuppressWarnings("unchecked")
    List<String> lostText() {
        return (List<String>) js("return window.lostText");
    }

    void watchLink() {
        js("""
                window.links = [];
                const chip = document.getElementById('open-cluster');
                new MutationObserver(() => window.links.push(chip.dataset.link)).observe(chip, {attributeFilter: ['data-link']});
                """);
    }

    /** The stream has been in these states since {@link #watchLink}, in this order. */
    void awaitLinks(String... states) {
        until(
                "the stream was " + List.of(states),
                "const found = window.links; let at = 0; for (const s of found) if (s === arguments[0][at]) at++; "
                        + "return at === arguments[0].length",
                List.of(states));
    }

    void until(String what, String script, Object... arguments) {
        try {
            Await.until(what, PATIENCE, LOOK, () -> Boolean.TRUE.equals(js(script, arguments)));
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "; the page shows:\n" + js("return document.body.innerText"), e);
        }
    }

    Object js(String script, Object... arguments) {
        front();
        return driver.executeScript(script, arguments);
    }

    Object asyncJs(String script, Object... arguments) {
        front();
        return driver.executeAsyncScript(script, arguments);
    }

    private WebElement find(String selector) {
        front();
        return driver.findElement(By.cssSelector(selector));
    }

    private void front() {
        if (driver.getWindowHandles().size() > 1 && !driver.getWindowHandle().equals(window)) {
            driver.switchTo().window(window);
        }
    }
}
