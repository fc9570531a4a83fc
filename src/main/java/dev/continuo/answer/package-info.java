/**
 * What people answer to a run that waits for them: durable first, then a hint to whoever may go on. Knows nothing of how
 * a run goes on.
 */
package dev.continuo.answer;
