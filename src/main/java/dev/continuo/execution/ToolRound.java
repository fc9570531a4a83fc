package dev.continuo.execution;

import dev.continuo.log.Chunk;
import dev.continuo.log.Chunks;
import dev.continuo.log.Sanitize;
import dev.continuo.run.Claim;
import dev.continuo.run.PauseResult;
import dev.continuo.run.Question;
import dev.continuo.tool.Tool;
import dev.continuo.tool.ToolCall;
import dev.continuo.tool.ToolResult;
import dev.continuo.tool.Toolbox;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What comes of the calls of one finished step: each is made, answered without being made, or asked of a person. A call
 * is durably begun before it is made, and its outcome is in the log before the model is told; so a call that has an
 * outcome is never made again, whoever goes on.
 */
final class ToolRound {
    private static final System.Logger LOG = System.getLogger(ToolRound.class.getName());
    private static final int AT_ONCE = 8;
    private static final Duration LOOK = Duration.ofMillis(100);
    /** A node that leaves waits so long for a call whose outcome would be unknown to the next one. */
    private static final Duration LEAVING = Duration.ofSeconds(2);

    private final Claim claim;
    private final RunExecutions shared;
    private final Persistence persistence;
    private final Signals signals;
    private final RunLog log;
    private final Toolbox toolbox;

    /** What has become of the run. */
    enum Result {
        /** The model may be told. */
        ANSWERED,
        /** It waits for people, and is nobody's. */
        PAUSED,
        /** A call may have had its effect or not, and nobody knows. */
        UNKNOWN
    }

    private record Done(LoggedCall call, ToolResult result) {}

    ToolRound(Owner owner, Toolbox toolbox) {
        this.claim = owner.claim;
        this.shared = owner.shared;
        this.persistence = owner.persistence;
        this.signals = owner.signals;
        this.log = owner.log;
        this.toolbox = toolbox;
    }

    /** Everything that the run has said must be committed. */
    Result answer(RunSoFar run) throws InterruptedException {
        var verdicts = verdicts(run);
        var unknown = of(verdicts, Verdict.Unknown.class);
        if (!unknown.isEmpty()) {
            for (var verdict : unknown) {
                log.append(Chunks.toolOutputError(verdict.call().callId(), Transcript.NOT_MADE));
            }
            return Result.UNKNOWN;
        }
        for (var verdict : of(verdicts, Verdict.Say.class)) {
            log.append(verdict.chunk());
        }
        make(of(verdicts, Verdict.Make.class).stream().map(Verdict.Make::call).toList());
        var questions = of(verdicts, Verdict.Ask.class).stream()
                .map(Verdict.Ask::question)
                .toList();
        if (questions.isEmpty()) {
            log.awaitCommitted();
            return Result.ANSWERED;
        }
        pause(run, questions);
        return Result.PAUSED;
    }

    /** At the limit of steps nobody would read what comes of the calls, so they are not made. */
    void refuse(RunSoFar run, String why) throws InterruptedException {
        for (var call : run.unanswered()) {
            log.append(Chunks.toolOutputError(call.callId(), why));
        }
    }

    private List<Verdict> verdicts(RunSoFar run) throws InterruptedException {
        var begun = persistence.untilAnswered("reading the calls", () -> shared.begunCalls.of(claim.run()));
        var asked =
                persistence.untilAnswered("reading the answers", () -> shared.pauses.questions(claim.run())).stream()
                        .collect(Collectors.toMap(Question::callId, Function.identity()));
        var tools = toolbox.tools().stream().collect(Collectors.toMap(Tool::name, Function.identity()));
        return run.unanswered().stream()
                .map(call -> Verdict.on(
                        call, Optional.ofNullable(tools.get(call.tool())), begun.getOrDefault(call.callId(), 0), asked))
                .toList();
    }

    private static <T extends Verdict> List<T> of(List<Verdict> verdicts, Class<T> kind) {
        return verdicts.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    private void make(List<LoggedCall> calls) throws InterruptedException {
        if (calls.isEmpty()) {
            return;
        }
        var ids = calls.stream().map(LoggedCall::callId).toList();
        if (!persistence.untilAnswered("beginning calls of tools", () -> shared.begunCalls.begin(log.fence(), ids))) {
            throw new Stop(Stop.Cause.LOST, "lost before a call of a tool");
        }
        var done = new LinkedBlockingQueue<Done>();
        var room = new Semaphore(AT_ONCE);
        var threads = new ArrayList<Thread>();
        try {
            signals.check();
            for (var call : calls) {
                threads.add(Thread.ofVirtual()
                        .name("tool-" + claim.run() + "-" + call.callId())
                        .start(() -> call(call, room, done)));
            }
            for (int left = calls.size(); left > 0; left--) {
                var next = next(done);
                log.keep(outcome(next));
            }
        } finally {
            threads.forEach(Thread::interrupt);
        }
    }

    private void call(LoggedCall call, Semaphore room, LinkedBlockingQueue<Done> done) {
        try {
            room.acquire();
            try {
                persistence.awaitLease();
                signals.check();
                done.add(new Done(call, toolbox.call(asMade(call))));
            } finally {
                room.release();
            }
        } catch (Stop stop) {
            LOG.log(Level.DEBUG, "run={0}: {1} was not called: {2}", claim.run(), call.tool(), stop.getMessage());
        } catch (InterruptedException e) {
            done.add(new Done(call, new ToolResult.Failed("The call was interrupted.")));
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "run=" + claim.run() + ": the tool " + call.tool() + " failed by our own fault", e);
            done.add(new Done(call, new ToolResult.Failed("The tool failed.")));
        }
    }

    private ToolCall asMade(LoggedCall call) {
        return new ToolCall(claim.run(), call.callId(), call.tool(), call.input(), claim.run() + ":" + call.idx());
    }

    /** @throws Stop where nobody waits for the rest any more */
    private Done next(LinkedBlockingQueue<Done> done) throws InterruptedException {
        long leavingSince = -1;
        while (true) {
            var next = done.poll(LOOK.toMillis(), TimeUnit.MILLISECONDS);
            if (next != null) {
                return next;
            }
            var stop = signals.stopped();
            if (stop.isPresent()) {
                if (leavingSince < 0) {
                    leavingSince = shared.time.nanoTime();
                }
                if (stop.get().why() != Stop.Cause.HAND_OVER
                        || shared.time.since(leavingSince).compareTo(LEAVING) > 0) {
                    throw stop.get();
                }
            }
        }
    }

    private Chunk outcome(Done done) {
        var callId = done.call().callId();
        return switch (done.result()) {
            case ToolResult.Output(var output) -> {
                var chunk = Chunks.toolOutputAvailable(callId, Sanitize.json(output));
                int most = shared.limits.eventBytes();
                yield chunk.json().length <= most
                        ? chunk
                        : Chunks.toolOutputError(
                                callId,
                                "The output has " + chunk.json().length + " bytes, " + most
                                        + " are the limit. Ask the tool for less.");
            }
            case ToolResult.Failed(var text) -> Chunks.toolOutputError(callId, Sanitize.text(text));
        };
    }

    private void pause(RunSoFar run, List<Question> questions) throws InterruptedException {
        for (var question : questions) {
            if (question.kind().equals(Question.APPROVAL) && !run.asked(question.callId())) {
                log.append(Chunks.toolApprovalRequest(
                        question.callId(),
                        question.question().path("toolCallId").asText()));
            }
        }
        log.awaitCommitted();
        switch (persistence.untilAnswered("pausing", () -> shared.pauses.pause(log.fence(), questions))) {
            case PauseResult.Paused() -> {
                LOG.log(Level.INFO, "run={0}: waits for {1} answers", claim.run(), questions.size());
                shared.hints.threadChanged(claim.org(), claim.thread());
            }
            case PauseResult.CancelRequested() -> throw new Stop(Stop.Cause.CANCELLED, "cancel requested");
            case PauseResult.Lost() -> throw new Stop(Stop.Cause.LOST, "lost before it could wait for people");
        }
    }
}
