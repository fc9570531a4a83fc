/**
 * Whether this node should get requests, and whether it should be restarted. Promises that a short outage of the database
 * or a missing NATS takes no node out of the balancer; refuses to touch either of them for an answer.
 */
package dev.continuo.health;
