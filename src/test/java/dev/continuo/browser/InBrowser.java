package dev.continuo.browser;

import dev.continuo.testkit.Cluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;

/** One Chromium for a class, one tab for a test, and the shared cluster with all its nodes. */
abstract class InBrowser {
    private static Chromium chromium;

    final Cluster cluster = Cluster.shared();

    @BeforeAll
    static void start() {
        Assumptions.assumeTrue(
                Chromium.installed(), "Chromium and its driver are needed: apt-get install chromium-driver");
        chromium = Chromium.start();
    }

    @AfterAll
    static void end() {
        if (chromium != null) {
            chromium.close();
        }
    }

    @BeforeEach
    void a_fresh_tab() {
        cluster.heal();
        var driver = driver();
        var fresh = driver.switchTo().newWindow(WindowType.TAB).getWindowHandle();
        for (var other : driver.getWindowHandles()) {
            if (!other.equals(fresh)) {
                driver.switchTo().window(other).close();
            }
        }
        driver.switchTo().window(fresh);
    }

    static ChromeDriver driver() {
        return chromium.driver();
    }
}
