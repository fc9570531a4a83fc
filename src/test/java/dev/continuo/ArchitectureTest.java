package dev.continuo;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The arrows between the packages, as docs/architecture.md draws them. */
class ArchitectureTest {
    private static final JavaClasses CONTINUO = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.continuo");

    @Test
    void packages_have_no_cycles() {
        slices().matching("dev.continuo.(*)..").should().beFreeOfCycles().check(CONTINUO);
    }

    @Test
    void only_execution_knows_what_a_model_and_a_tool_are() {
        noClasses()
                .that()
                .resideOutsideOfPackages("..continuo.execution..", "..continuo.model..", "..continuo.tool..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("..continuo.model..", "..continuo.tool..")
                .check(CONTINUO);
    }

    @Test
    void a_reader_never_asks_who_produces() {
        refuses("attach", "dispatch", "execution", "model", "intake").check(CONTINUO);
        refuses("watch", "dispatch", "execution", "model", "intake").check(CONTINUO);
    }

    @Test
    void the_chat_surface_is_a_projection() {
        refuses("chat", "dispatch", "execution", "model").check(CONTINUO);
    }

    @Test
    void intake_knows_nothing_of_what_happens_next() {
        refuses("intake", "dispatch", "execution", "model", "log", "live").check(CONTINUO);
    }

    @Test
    void the_log_is_pure() {
        noClasses()
                .that()
                .resideInAPackage("..continuo.log..")
                .should()
                .dependOnClassesThat(DescribedPredicate.describe(
                        "do I/O, belong to a container, or are other packages of ours",
                        c -> c.getPackageName().startsWith("dev.continuo.")
                                        && !c.getPackageName().startsWith("dev.continuo.log")
                                        && !c.getPackageName().startsWith("dev.continuo.json")
                                || c.getPackageName().startsWith("jakarta.")
                                || c.getPackageName().startsWith("java.sql")
                                || c.getPackageName().startsWith("java.net")
                                || c.getPackageName().startsWith("io.nats")
                                || c.getPackageName().startsWith("org.jdbi")))
                .check(CONTINUO);
    }

    @Test
    void only_two_packages_speak_nats() {
        noClasses()
                .that()
                .resideOutsideOfPackages("..continuo.nats..", "..continuo.live..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.nats..")
                .check(CONTINUO);
    }

    @Test
    void only_tools_speak_mcp() {
        noClasses()
                .that()
                .resideOutsideOfPackage("..continuo.tool..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.modelcontextprotocol..", "reactor..", "com.networknt..")
                .check(CONTINUO);
    }

    /** Jackson's own builders leave buffers behind with each virtual thread. */
    @Test
    void mappers_come_from_one_place() {
        noClasses()
                .that()
                .resideOutsideOfPackage("..continuo.json..")
                .should()
                .callMethod(JsonMapper.class, "builder")
                .orShould()
                .callMethod(JsonFactory.class, "builder")
                .orShould()
                .callConstructorWhere(
                        DescribedPredicate.describe("make a mapper or a factory themselves", call -> Stream.of(
                                        ObjectMapper.class, JsonFactory.class, JsonFactoryBuilder.class)
                                .anyMatch(call.getTargetOwner()::isAssignableTo)))
                .check(CONTINUO);
    }

    @Test
    void enterprise_beans_are_timers() {
        noClasses()
                .that()
                .haveSimpleNameNotEndingWith("Timer")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("jakarta.ejb..")
                .check(CONTINUO);
    }

    @Test
    void a_transactional_step_is_overridable_so_that_the_container_can_wrap_it() {
        methods()
                .that()
                .areAnnotatedWith(Transactional.class)
                .should()
                .notBePrivate()
                .andShould()
                .notBeFinal()
                .andShould()
                .notBeStatic()
                .check(CONTINUO);
        classes()
                .that()
                .containAnyMethodsThat(
                        DescribedPredicate.describe("are transactional", m -> m.isAnnotatedWith(Transactional.class)))
                .should()
                .notHaveModifier(JavaModifier.FINAL)
                .check(CONTINUO);
    }

    @Test
    void a_transaction_spans_no_network_call() {
        noClasses()
                .that()
                .containAnyMethodsThat(
                        DescribedPredicate.describe("are transactional", m -> m.isAnnotatedWith(Transactional.class)))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "..continuo.live..", "..continuo.nats..", "..continuo.model..", "io.nats..", "java.net.http..")
                .check(CONTINUO);
    }

    @Test
    void now_is_a_parameter() {
        var now = Set.of(Instant.class, LocalDateTime.class, OffsetDateTime.class, ZonedDateTime.class);
        noClasses()
                .should()
                .callMethodWhere(DescribedPredicate.describe(
                        "read the wall clock themselves",
                        (JavaCall<?> call) -> call.getName().equals("currentTimeMillis")
                                || call.getName().equals("now")
                                        && call.getTarget()
                                                .getRawParameterTypes()
                                                .isEmpty()
                                        && now.stream().anyMatch(c -> call.getTargetOwner()
                                                .isEquivalentTo(c))))
                .check(CONTINUO);
        noClasses()
                .that()
                .resideOutsideOfPackage("..continuo.node..")
                .should()
                .callMethod(Clock.class, "systemUTC")
                .check(CONTINUO);
    }

    @TestFactory
    Stream<DynamicTest> leaves_know_nobody() {
        return Stream.of("node", "nats", "stats", "json", "log")
                .map(leaf -> DynamicTest.dynamicTest(leaf, () -> classes()
                        .that()
                        .resideInAPackage("..continuo." + leaf + "..")
                        .should()
                        .onlyDependOnClassesThat(DescribedPredicate.describe(
                                "are its own, or nobody's of ours",
                                c -> !c.getPackageName().startsWith("dev.continuo.")
                                        || c.getPackageName().startsWith("dev.continuo." + leaf)
                                        || c.getPackageName().startsWith("dev.continuo.json")))
                        .check(CONTINUO)));
    }

    private static ArchRule refuses(String name, String... others) {
        var packages =
                Arrays.stream(others).map(other -> "..continuo." + other + "..").toArray(String[]::new);
        return noClasses()
                .that()
                .resideInAPackage("..continuo." + name + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packages)
                .allowEmptyShould(true);
    }
}
