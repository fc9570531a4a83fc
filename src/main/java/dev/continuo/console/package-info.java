/**
 * How the page under {@code src/main/webapp} is handed out: with headers that let a browser run our own files and
 * nothing else. Knows nothing of conversations; the page speaks the public HTTP surface like any other client.
 */
package dev.continuo.console;
