package dev.continuo.soak;

import dev.continuo.testkit.SseEvent;
import java.util.ArrayList;
import java.util.List;

/** The lines of a history that somebody who looks for the cause wants to see first. */
final class Excerpts {
    private static final int WIDTH = 160;

    private Excerpts() {}

    /** The frames before and at this one, and how the connection came about. */
    static List<String> around(Watched watched, Watched.Connection connection, int at, int lines) {
        var excerpt = new ArrayList<String>();
        excerpt.add("connection " + (watched.connections().indexOf(connection) + 1) + " of "
                + watched.connections().size() + " at " + connection.opened() + " with cursor '" + connection.cursor()
                + (connection.guessed() ? "' (made up)" : "'") + ", status " + connection.status() + ", "
                + connection.ending());
        List<SseEvent> events = connection.events();
        int until = Math.min(events.size(), at + 1);
        for (SseEvent event : events.subList(Math.max(0, until - lines), until)) {
            excerpt.add(shorten(event.name() + " " + event.id() + " " + event.data()));
        }
        return excerpt;
    }

    static String shorten(String line) {
        return line.length() <= WIDTH ? line : line.substring(0, WIDTH) + "…";
    }
}
