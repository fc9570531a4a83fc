/**
 * Who calls, for which organisation, and what they may. Promises: a key or a ticket exists in readable form only with
 * its holder, a revoked one stops working within seconds on every node, and every refusal happens before a resource runs.
 * Refuses to know what callers own: each query carries its organisation and subject itself.
 */
package dev.continuo.identity;
