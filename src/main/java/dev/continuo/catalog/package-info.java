/**
 * What a message can be answered by: agents, tiers, and an organisation's own providers with their sealed keys; the
 * configuration's provider for whoever has none. Promises that a message naming anything else is refused before it is
 * accepted, that a key is never read back, and that it is never sent to another place than the one it was given for.
 * Refuses to know how a model is asked.
 */
package dev.continuo.catalog;
