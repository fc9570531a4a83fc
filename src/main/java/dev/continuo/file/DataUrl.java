package dev.continuo.file;

import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/** A file inside a URL, as browsers make it. */
public record DataUrl(String mediaType, byte[] content) {
    private static final Pattern FORM = Pattern.compile("data:([^,;]{0,200}(?:;[^,;]{1,200}){0,4});base64,");

    /** Empty where it is another URL, or not in Base64. */
    public static Optional<DataUrl> parse(String url) {
        var head = FORM.matcher(url);
        if (!head.lookingAt()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new DataUrl(head.group(1), Base64.getDecoder().decode(url.substring(head.end()))));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
