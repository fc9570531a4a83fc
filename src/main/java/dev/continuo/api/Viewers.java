package dev.continuo.api;

import dev.continuo.identity.Caller;
import dev.continuo.thread.Reach;
import dev.continuo.thread.Viewer;
import jakarta.ws.rs.core.SecurityContext;

final class Viewers {
    private Viewers() {}

    static Viewer of(SecurityContext security) {
        return of(Caller.of(security));
    }

    static Viewer of(Caller caller) {
        return new Viewer(caller.org(), caller.subject(), caller.readsAll() ? Reach.ORGANISATION : Reach.OWN);
    }
}
