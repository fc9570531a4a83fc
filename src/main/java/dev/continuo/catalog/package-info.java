/**
 * What a message can be answered by: agents, providers, tiers. For now one of each, from the configuration. Promises that
 * a message naming anything else is refused before it is accepted; refuses to know how a provider is called.
 */
package dev.continuo.catalog;
