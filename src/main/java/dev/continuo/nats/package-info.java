/**
 * The connections to NATS and the hints that travel over them. Promises to keep trying for ever and to say what went
 * wrong; refuses to carry anything that must happen, and knows nothing of runs beyond their ids.
 */
package dev.continuo.nats;
