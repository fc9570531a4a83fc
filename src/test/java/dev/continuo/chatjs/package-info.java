/** The clients that others wrote, unmodified. Refuses to help them. */
package dev.continuo.chatjs;
