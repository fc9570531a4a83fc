package dev.continuo.soak;

import static dev.continuo.soak.Invariant.I17;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** I17: a 204 is a lie if some run was unfinished during the whole request. */
final class NothingCheck {
    private NothingCheck() {}

    private record Active(String run, long from, long until) {}

    static List<Violation> of(List<Nothing> nothings, List<Post> posts, Stored stored) {
        Map<String, Long> ends = new HashMap<>();
        stored.runs().forEach(run -> ends.put(run.id(), run.finished().orElse(Long.MAX_VALUE)));
        Map<String, List<Active>> active = new HashMap<>();
        for (var post : posts) {
            if (post.answer() instanceof Post.Answer.Accepted accepted) {
                active.computeIfAbsent(post.thread(), _ -> new ArrayList<>())
                        .add(new Active(accepted.run(), post.answered(), ends.getOrDefault(accepted.run(), 0L)));
            }
        }
        var violations = new ArrayList<Violation>();
        for (var nothing : nothings) {
            active.getOrDefault(nothing.thread(), List.of()).stream()
                    .filter(run -> run.from() < nothing.asked() && run.until() > nothing.answered())
                    .findFirst()
                    .ifPresent(run -> violations.add(
                            Violation.of(I17, nothing.thread(), nothing + " while " + run + " was unfinished")));
        }
        return violations;
    }
}
