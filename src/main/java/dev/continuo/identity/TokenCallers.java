package dev.continuo.identity;

import dev.continuo.jwt.Tokens;
import dev.continuo.jwt.Verdict;
import dev.continuo.jwt.Verdict.Good;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.lang.System.Logger.Level;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Who comes with a token: its subject, in the organisation it names, with what its groups allow. */
@Singleton
class TokenCallers {
    private static final System.Logger LOG = System.getLogger(TokenCallers.class.getName());
    /** A JSON object in base64, and two more parts. */
    static final Pattern FORM = Pattern.compile("eyJ[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]*");

    private static final int REMEMBERED = 10_000;
    private static final int LONGEST = 128;

    private final Tokens tokens;
    private final Organisations organisations;
    private final String subjectClaim;
    private final String groupsClaim;
    private final String organisationClaim;
    private final Optional<String> organisation;
    private final Set<String> made = ConcurrentHashMap.newKeySet();

    @Inject
    TokenCallers(
            Tokens tokens,
            Organisations organisations,
            @ConfigProperty(name = "continuo.jwt.subject-claim") String subjectClaim,
            @ConfigProperty(name = "continuo.jwt.groups-claim") String groupsClaim,
            @ConfigProperty(name = "continuo.jwt.organisation-claim") String organisationClaim,
            @ConfigProperty(name = "continuo.jwt.organisation") Optional<String> organisation) {
        this.tokens = tokens;
        this.organisations = organisations;
        this.subjectClaim = subjectClaim;
        this.groupsClaim = groupsClaim;
        this.organisationClaim = organisationClaim;
        this.organisation = organisation;
    }

    /** Whether this is to be judged as a token: its form tells, and a key's prefix never has it. */
    boolean takes(String text) {
        return tokens.taken() && FORM.matcher(text).matches();
    }

    Caller callerOf(String text) {
        return switch (tokens.judge(text)) {
            case Good good -> caller(good);
            case Verdict.Bad(var why) -> throw refused(why);
            case Verdict.Unjudged(var why) -> {
                LOG.log(Level.WARNING, "a token cannot be judged and is refused: {0}", why);
                throw Refusals.issuerAway();
            }
        };
    }

    private Caller caller(Good good) {
        var subject = name(good, subjectClaim).orElseThrow(() -> refused("subject"));
        var named = organisation.or(() -> name(good, organisationClaim)).orElseThrow(() -> refused("organisation"));
        var groups = good.texts(groupsClaim);
        return new Caller(
                organisation(named),
                subject,
                role(groups),
                scopes(groups),
                Optional.empty(),
                Optional.of(good.expires()));
    }

    private UUID organisation(String name) {
        if (!made.contains(name)) {
            organisations.ensure(name);
            if (made.size() < REMEMBERED) {
                made.add(name);
            }
        }
        return Organisations.idOf(name);
    }

    /** The strongest that the groups name; an operator who is nothing else works on the cluster and sees no more. */
    private static Role role(List<String> groups) {
        return groups.contains("continuo-admin")
                ? Role.ADMIN
                : groups.contains("continuo-member") || groups.contains("continuo-ops") ? Role.MEMBER : Role.VIEWER;
    }

    /** Without a group of ours: nothing. */
    private static Set<Scope> scopes(List<String> groups) {
        var scopes = EnumSet.noneOf(Scope.class);
        for (var group : groups) {
            switch (group) {
                case "continuo-admin" -> scopes.addAll(EnumSet.of(Scope.CHAT, Scope.KEYS, Scope.CATALOG));
                case "continuo-member", "continuo-viewer" -> scopes.add(Scope.CHAT);
                case "continuo-ops" -> scopes.add(Scope.OPS);
                default -> {}
            }
        }
        return scopes;
    }

    private static Optional<String> name(Good good, String claim) {
        return good.text(claim)
                .map(String::strip)
                .filter(text -> !text.isEmpty()
                        && text.length() <= LONGEST
                        && text.chars().noneMatch(c -> Character.isISOControl(c) || Character.isSurrogate((char) c)));
    }

    /** The sender is not told which it was. */
    private static RuntimeException refused(String why) {
        LOG.log(Level.DEBUG, "a token is refused for its {0}", why);
        return Refusals.badToken();
    }
}
