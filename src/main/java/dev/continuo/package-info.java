/**
 * AI chat turns that survive anything. The tour, in the order in which a message travels:
 *
 * <ol>
 *   <li>{@code api.MessagesResource} (or {@code chat.ChatResource}) parses and authorises; {@code web} and {@code
 *       identity} have refused by then what is no request and no caller.
 *   <li>{@code intake.Intake} accepts: message and run in one transaction under the thread's row lock. After the commit
 *       {@code nats.Hints} says "look now"; the answer is 202.
 *   <li>{@code dispatch.Dispatcher}, woken by the hint or by {@code DispatchTimer} every second, looks whether it has a
 *       free slot.
 *   <li>{@code run.Claims} takes READY rows in one statement and raises their epoch.
 *   <li>{@code execution.RunExecutor} starts a virtual thread for each; its first step, {@code Opener}, adopts what an
 *       earlier owner had already shown, and makes the epoch exist for readers.
 *   <li>{@code execution.RunExecution} asks {@code model.LanguageModel} and writes what it says as chunks; {@code
 *       ToolRound} answers the calls it made; and so on, step by step, until it calls nothing, or a person is to answer.
 *   <li>{@code execution.RunLog} numbers them; {@code Publisher} puts them on JetStream, fenced by the expected sequence,
 *       and {@code GroupCommit} into PostgreSQL, all runs of the node in one fenced transaction.
 *   <li>{@code run.Finishes} ends the run: terminal state, answer, and the seat for the thread's next run, in one
 *       transaction.
 *   <li>{@code attach} and {@code chat} take watchers in, on any node, with the cursor that they bring.
 *   <li>{@code attach.Tail}, one per run and node, reads PostgreSQL and {@code live} by the rules of {@code
 *       log.RunReader}, and serves all watchers from one encoded log.
 * </ol>
 *
 * <p>A node that dies is noticed by {@code dispatch.OrphanSweep} on another; step 4 then begins again. Truth is a row,
 * everything else is a hint. docs/architecture.md has the same with a picture.
 */
package dev.continuo;
