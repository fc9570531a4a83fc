/**
 * What a model may call: the tools of an agent, how each is asked and answered. Only {@code execution} knows it; what was
 * called and answered is in the log, nothing lives here between two runs.
 */
package dev.continuo.tool;
