package dev.continuo.soak;

import static dev.continuo.soak.Invariant.I1;
import static dev.continuo.soak.Invariant.I13;

import dev.continuo.soak.Post.Answer.Accepted;
import dev.continuo.soak.Post.Answer.Conflict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** I1 and I13: what posters were told against what is stored. */
final class AcceptanceCheck {
    private AcceptanceCheck() {}

    static List<Violation> of(List<Post> posts, Stored stored) {
        var violations = new ArrayList<Violation>();
        Map<String, List<Stored.Sent>> sent = new HashMap<>();
        stored.sent().forEach(message -> sent.computeIfAbsent(message.key(), _ -> new ArrayList<>())
                .add(message));
        Map<String, List<Post>> byKey = new LinkedHashMap<>();
        posts.forEach(post ->
                byKey.computeIfAbsent(post.key(), _ -> new ArrayList<>()).add(post));
        byKey.forEach((key, tries) -> one(key, tries, sent.getOrDefault(key, List.of()), violations));
        sent.forEach((key, messages) -> {
            if (key != null && !byKey.containsKey(key)) {
                violations.add(Violation.of(I1, key, "stored, and nobody sent it"));
            }
        });
        return violations;
    }

    private static void one(String key, List<Post> tries, List<Stored.Sent> stored, List<Violation> violations) {
        if (stored.size() > 1) {
            violations.add(Violation.of(I1, key, "stored " + stored.size() + " times"));
        }
        List<Accepted> accepted = tries.stream()
                .map(Post::answer)
                .filter(Accepted.class::isInstance)
                .map(Accepted.class::cast)
                .toList();
        if (accepted.stream().distinct().count() > 1) {
            violations.add(Violation.of(I13, key, "the same key has several ids: " + accepted));
        }
        if (!accepted.isEmpty() && stored.isEmpty()) {
            violations.add(Violation.of(I1, key, "acknowledged as " + accepted.getFirst() + " and not stored"));
        }
        if (accepted.isEmpty()
                && !stored.isEmpty()
                && tries.stream().allMatch(post -> post.answer() instanceof Post.Answer.Refused)) {
            violations.add(Violation.of(I1, key, "refused each time, and stored"));
        }
        stored.stream().findFirst().ifPresent(message -> tries.forEach(post -> one(post, message, violations)));
    }

    private static void one(Post post, Stored.Sent stored, List<Violation> violations) {
        boolean same = Objects.equals(post.text(), stored.text());
        switch (post.answer()) {
            case Accepted accepted -> {
                if (!same) {
                    violations.add(Violation.of(I1, post.key(), "acknowledged with another body than the stored one"));
                } else if (!accepted.run().equals(stored.run()) || !names(accepted, stored)) {
                    violations.add(
                            Violation.of(I1, post.key(), "acknowledged as " + post.answer() + ", stored as " + stored));
                }
            }
            case Conflict _
            when same -> violations.add(Violation.of(I13, post.key(), "a conflict for the very body that is stored"));
            case Conflict _, Post.Answer.Refused _, Post.Answer.Unknown _ -> {}
        }
    }

    /** A client that brought an id of its own is answered with that. */
    private static boolean names(Accepted accepted, Stored.Sent stored) {
        return accepted.message().equals(stored.message()) || accepted.message().equals(stored.key());
    }
}
