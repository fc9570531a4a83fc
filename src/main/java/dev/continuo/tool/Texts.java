package dev.continuo.tool;

/** Foreign text, cut to size. */
final class Texts {
    private Texts() {}

    static String cut(String text, int most) {
        if (text == null) {
            return "";
        }
        if (text.codePointCount(0, text.length()) <= most) {
            return text;
        }
        return text.substring(0, text.offsetByCodePoints(0, most)) + "…";
    }
}
