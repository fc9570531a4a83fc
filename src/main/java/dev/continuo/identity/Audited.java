package dev.continuo.identity;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** A deed and its row in the audit, both or neither. */
@ApplicationScoped
public class Audited {
    private final Audit audit;

    @Inject
    public Audited(Audit audit) {
        this.audit = audit;
    }

    protected Audited() {
        this(null);
    }

    /**
     * @param deed one transactional step or statement; hints come after this
     * @param result how it ended, in the row's word; empty where nothing was done
     */
    @Transactional
    public <T> T step(
            Audit.By by, String action, String target, Supplier<T> deed, Function<T, Optional<String>> result) {
        T done = deed.get();
        result.apply(done).ifPresent(word -> audit.write(by, action, target, word));
        return done;
    }
}
