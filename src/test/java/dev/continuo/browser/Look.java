package dev.continuo.browser;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.openqa.selenium.chrome.ChromeDriver;

/** How a page is looked at: its size in CSS pixels, by a mouse or by a thumb, by day or by night. */
enum Look {
    DESKTOP_LIGHT(1280, 800, false, "light"),
    DESKTOP_DARK(1280, 800, false, "dark"),
    PHONE_LIGHT(390, 844, true, "light"),
    PHONE_DARK(390, 844, true, "dark");

    private final int width;
    private final int height;
    private final boolean phone;
    private final String scheme;

    Look(int width, int height, boolean phone, String scheme) {
        this.width = width;
        this.height = height;
        this.phone = phone;
        this.scheme = scheme;
    }

    boolean phone() {
        return phone;
    }

    /** Of the tab that the driver is in, until it is closed. */
    void in(ChromeDriver driver) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", phone ? 2 : 1, "mobile", phone));
        driver.executeCdpCommand("Emulation.setTouchEmulationEnabled", Map.of("enabled", phone));
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of(
                        "features",
                        List.of(
                                Map.of("name", "prefers-color-scheme", "value", scheme),
                                Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
