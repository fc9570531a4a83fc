package dev.continuo.identity;

import dev.continuo.web.Limits;
import dev.continuo.web.TokenBuckets;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;

/** The token buckets of this node: requests by user and organisation, failed authentications by address. */
@Singleton
class Throttles {
    private final TokenBuckets users;
    private final TokenBuckets organisations;
    private final TokenBuckets failures;

    @Inject
    Throttles(Limits limits, Clock clock) {
        users = new TokenBuckets(limits.perUser(), clock);
        organisations = new TokenBuckets(limits.perOrganisation(), clock);
        failures = new TokenBuckets(limits.failuresPerAddress(), clock);
    }

    TokenBuckets users() {
        return users;
    }

    TokenBuckets organisations() {
        return organisations;
    }

    TokenBuckets failures() {
        return failures;
    }
}
