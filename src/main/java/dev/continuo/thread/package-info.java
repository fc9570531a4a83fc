/**
 * Conversations and their messages. Promises that order comes from the thread's own counter, moved under its row lock,
 * and that membership is part of every query; refuses to know what runs, who calls it and what time it is.
 */
package dev.continuo.thread;
