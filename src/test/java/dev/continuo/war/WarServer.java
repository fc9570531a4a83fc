package dev.continuo.war;

import dev.continuo.testkit.Database;
import dev.continuo.testkit.Everything;
import dev.continuo.testkit.Nats;
import dev.continuo.testkit.Ports;
import dev.continuo.testkit.Postgres;
import dev.continuo.testkit.ScriptedProvider;
import dev.continuo.testkit.TempFolder;
import dev.continuo.testkit.TestIssuer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.importer.ZipImporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Prepares, once and before Arquillian looks, the server that it starts: our own configuration, a database, a broker and a
 * provider. Stands before {@code ArquillianExtension} in {@code @ExtendWith}. */
public final class WarServer implements BeforeAllCallback {
    static final String API_KEY = "ck_0123456789abcdef0123456789abcdef";
    private static final Path USER = Path.of("target", "war-server").toAbsolutePath();

    @Override
    public void beforeAll(ExtensionContext context) {
        Prepared.once();
    }

    static String url() {
        return "http://127.0.0.1:" + System.getProperty("war.server.port");
    }

    /** What the server writes to. */
    static Jdbi jdbi() {
        return Jdbi.create(Prepared.DATABASE.dataSource());
    }

    static Database database() {
        return Prepared.DATABASE;
    }

    /** Whose tokens the server takes. */
    static TestIssuer issuer() {
        return Prepared.ISSUER;
    }

    /** Of the scripted provider, {@code …/v1}. */
    static String providerUrl() {
        return Prepared.PROVIDER.baseUrl();
    }

    static WebArchive war() {
        return ShrinkWrap.create(ZipImporter.class, "continuo.war")
                .importFrom(Path.of("target", "continuo.war").toFile())
                .as(WebArchive.class);
    }

    private static final class Prepared {
        private static final ScriptedProvider PROVIDER = ScriptedProvider.launch();
        private static final TestIssuer ISSUER = TestIssuer.start();
        private static final Database DATABASE = Postgres.shared().emptyDatabase("war");

        static {
            int port = Ports.free();
            System.setProperty("war.server.port", Integer.toString(port));
            // The container takes any JVM on this machine with the same server name for one that runs already.
            String name = "war-" + port;
            System.setProperty("war.server.name", name);
            System.setProperty("war.server.usr", USER.toString());
            TempFolder.delete(USER);
            try {
                prepare(USER.resolve("servers").resolve(name), port);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        static void once() {}

        private static void prepare(Path server, int port) throws IOException {
            Files.createDirectories(server.resolve("configDropins/overrides"));
            Path config = Path.of("src", "main", "liberty", "config");
            for (String file : new String[] {"server.xml", "jvm.options"}) {
                Files.copy(config.resolve(file), server.resolve(file), StandardCopyOption.REPLACE_EXISTING);
            }
            // As in ClusterPlan.startingOften: what is run here is run once.
            Files.writeString(server.resolve("jvm.options"), "\n-XX:TieredStopAtLevel=1\n", StandardOpenOption.APPEND);
            Files.writeString(server.resolve("configDropins/overrides/arquillian.xml"), """
                    <server>
                        <featureManager><feature>localConnector-1.0</feature></featureManager>
                        <applicationMonitor updateTrigger="mbean" dropinsEnabled="true"/>
                    </server>
                    """);
            Files.writeString(server.resolve("bootstrap.properties"), """
                    continuo.http.port=%d
                    continuo.lib=%s
                    continuo.db.url=%s
                    continuo.nats.url=%s
                    continuo.openai.base-url=%s
                    continuo.openai.api-key=none
                    continuo.model=scripted
                    continuo.node-id=war
                    continuo.titles=off
                    continuo.prices={"scripted":{"input":1,"output":1000000}}
                    continuo.node-url=http://127.0.0.1:%d
                    continuo.bootstrap-key=%s
                    continuo.jwt.issuer=%s
                    continuo.secrets.key=MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=
                    continuo.providers.allowed-hosts=127.0.0.1,localhost
                    continuo.mcp.commands=everything=node %s
                    """.formatted(
                            port,
                            Path.of("target", "liberty", "lib").toAbsolutePath(),
                            DATABASE.jdbcUrl(),
                            Nats.shared().url(),
                            PROVIDER.baseUrl(),
                            port,
                            API_KEY,
                            ISSUER.url(),
                            Everything.script()));
        }
    }
}
