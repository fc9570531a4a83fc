package dev.continuo.run;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/** The nodes of the cluster, for operators. */
@ApplicationScoped
public class Nodes {
    private final Jdbi jdbi;

    @Inject
    public Nodes(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    protected Nodes() {
        this(null);
    }

    /** The living first, then by name; the dead stay for an hour. */
    public List<NodeView> list() {
        return jdbi.withHandle(h -> h.createQuery("""
                        select n.*, extract(epoch from clock_timestamp() - n.renewed_at) as beat_age,
                          extract(epoch from n.lease_until - clock_timestamp()) as lease_left,
                          n.lease_until >= clock_timestamp()
                            and n.renewed_at < clock_timestamp() - 2 * s.renewal as late,
                          (select count(*) from runs r where r.owner = n.node_id and r.owner_boot = n.boot_id
                             and r.state = 'RUNNING') as running
                        from nodes n cross join settings s
                        order by n.lease_until < clock_timestamp(), n.node_id, n.started_at desc""").map((rs, _) -> view(rs)).list());
    }

    /** Every start of that name that is alive is asked to leave; its next renewal tells it. Whether there is one. */
    @Transactional
    public boolean askDrain(String name) {
        return jdbi.withHandle(h -> h.createUpdate("""
                        update nodes set drain_asked = true
                        where node_id = :name and lease_until >= clock_timestamp()""").bind("name", name).execute()) > 0;
    }

    private static NodeView view(ResultSet rs) throws SQLException {
        return new NodeView(
                rs.getString("node_id"),
                rs.getObject("boot_id", UUID.class),
                millis(rs.getDouble("beat_age")),
                millis(rs.getDouble("lease_left")),
                rs.getBoolean("late"),
                rs.getBoolean("lock_held"),
                rs.getBoolean("draining"),
                rs.getBoolean("drain_asked"),
                rs.getInt("running"),
                rs.getString("load"),
                Optional.ofNullable(rs.getString("url")),
                rs.getObject("started_at", OffsetDateTime.class).toInstant());
    }

    private static Duration millis(double seconds) {
        return Duration.ofMillis(Math.round(seconds * 1000));
    }
}
