package dev.continuo.api;

import dev.continuo.thread.Messages;
import dev.continuo.thread.StoredMessage;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;

/** Which other ways a thread went, by the forks of its runs. */
record Siblings(List<Messages.Fork> forks) {
    Siblings {
        forks = List.copyOf(forks);
    }

    /** The messages that were said in its place, or the answers to the same message, itself among them; none where it is
     * the only one. */
    List<String> of(StoredMessage m) {
        boolean answer = m.ord() == StoredMessage.ANSWER;
        Predicate<Messages.Fork> mine = answer
                ? f -> f.answer().filter(m.id()::equals).isPresent()
                : f -> f.message().equals(m.id());
        return forks.stream()
                .filter(mine)
                .findFirst()
                .map(own -> answer ? answers(own.message()) : messages(own))
                .filter(all -> all.size() > 1)
                .orElse(List.of());
    }

    private List<String> answers(UUID message) {
        return forks.stream()
                .filter(f -> f.message().equals(message))
                .flatMap(f -> f.answer().stream())
                .map(UUID::toString)
                .toList();
    }

    private List<String> messages(Messages.Fork own) {
        return forks.stream()
                .filter(f -> f.parent().equals(own.parent()))
                .map(Messages.Fork::messageShown)
                .distinct()
                .toList();
    }
}
