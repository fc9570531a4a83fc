/**
 * The AI SDK's surface: what {@code useChat} posts, resumes and stops. Promises that an unmodified client ends with
 * exactly the stored message or learns that it must resume; one HTTP stream is one run, and its last chunk is
 * {@code finish}. It is a projection of the same tails that native watchers read. Refuses to know dispatch, execution
 * and models.
 */
package dev.continuo.chat;
