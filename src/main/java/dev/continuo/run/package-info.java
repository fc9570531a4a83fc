/**
 * The run row: its states, who owns it, and every statement that moves it. Promises one seat per thread, one author per
 * epoch, exactly one terminal, and that what an owner no longer owns it can no longer write: the fence
 * (run, epoch, claim) stands in the SQL. All times are the database's. Refuses to know models, streams and HTTP.
 *
 * <p>Steps ({@code @Transactional}) lock the thread first, then runs. A statement that looks for something under a lock
 * comes after the statement that takes it: a snapshot older than its lock sees a run wait for ever.
 */
package dev.continuo.run;
