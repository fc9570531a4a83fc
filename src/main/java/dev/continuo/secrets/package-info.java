/**
 * Secrets of others, at rest: sealed with AES-256-GCM under a key that is not in the database, bound to the row that they
 * belong to. Promises that a sealed value moved to another row, changed, or opened without its key is refused, and that
 * no secret prints itself. Refuses to know what a secret is for, and to store anything.
 */
package dev.continuo.secrets;
