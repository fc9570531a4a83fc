/**
 * The way to PostgreSQL: one {@code Jdbi} on the container's data source, the schema before anything else, direct
 * connections for the few sessions that must outlive a pool, and one query for many who ask. Promises that handles
 * inside a JTA transaction share its connection; refuses to know any table.
 */
package dev.continuo.sql;
