/** The page as its users have it: a real Chromium, without a window, against nodes of a real cluster. */
package dev.continuo.browser;
