/**
 * The fast tail of a run's log on JetStream: publish with a fence, replay, follow. Promises that what is followed was
 * stored before; refuses to be trusted for durability, completeness or ownership, and knows neither PostgreSQL nor who
 * owns a run.
 */
package dev.continuo.live;
