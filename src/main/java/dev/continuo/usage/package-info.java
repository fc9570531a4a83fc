/**
 * What was spent: tokens of every provider call, also of those that failed, by day, model, agent and thread, and what that
 * costs where prices are known. Promises that a deleted thread stays in the sums; refuses to guess what a provider did not
 * tell.
 */
package dev.continuo.usage;
