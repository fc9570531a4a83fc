/**
 * What a model may call: the tools of an agent's MCP servers, how each is asked and answered. Promises that a call ends in
 * time whatever a server does, goes only where an organisation's admin or the operator allowed it, and that its arguments
 * fit its schema. Only {@code execution} knows it; what was called and answered is in the log, nothing lives here between
 * two runs but outputs that were too large to be shown.
 */
package dev.continuo.tool;
