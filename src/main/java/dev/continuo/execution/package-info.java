/**
 * Drives one claimed run to its outcome: opens its epoch, asks the model, appends what it says to the log, and finishes
 * it in one fenced transaction. Promises that nothing of an owner that lost its claim becomes visible, that an answer
 * is complete only where the provider said so, and that a run leaves this node finished, given back, or lost to another
 * owner. Refuses to know who watches.
 *
 * <pre>
 * RunExecutor     one virtual thread per run, the slots
 *  RunExecution   the story of one claim: Opening, then the ladder, then steps, then the finish
 *   RunSoFar      how far the run has come: a fold of its log, the same on every node
 *   Ladder        what to do with the log that was found: finish it, end the run, begin the step anew, or go on
 *   Transcript    finished steps and earlier answers as a model is told of them
 *   ToolRound     what comes of one step's calls; a Verdict on each, made without I/O
 *   Retelling     one call's answer, silent while it is what the log says, forked where it is not
 *   RunLog        the owner's end of the log: idx, back-pressure, loss of the claim
 *    Publisher    to JetStream, one message in flight, fenced by the expected sequence
 *    GroupCommit  to PostgreSQL, all runs of the node in one fenced transaction every 50 ms
 * </pre>
 */
package dev.continuo.execution;
