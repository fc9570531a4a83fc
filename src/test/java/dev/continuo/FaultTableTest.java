package dev.continuo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/** The page that says which test tries which fault names tests that exist, for every fault, and all that there are. */
class FaultTableTest {
    private static final Path PAGE = Path.of("docs/reliability/README.md");
    private static final Path CLUSTER = Path.of("src/test/java/dev/continuo/cluster");
    private static final Pattern ROW = Pattern.compile("^\\| (F\\d+) \\|(.*)$", Pattern.MULTILINE);
    private static final Pattern NAMED =
            Pattern.compile("\\[`(\\w+)#(\\w+)`]\\(\\.\\./\\.\\./src/test/java/(dev/continuo/\\w+/\\w+)\\.java\\)");
    private static final Pattern FAULT = Pattern.compile("f\\d+(?=_)");

    private record Named(String type, String method) {
        boolean onThreeNodes() {
            return type.contains(".cluster.");
        }
    }

    @Test
    void every_fault_has_its_scenario_on_three_nodes() throws IOException {
        assertThat(table().keySet())
                .isEqualTo(IntStream.rangeClosed(1, 23).mapToObj(n -> "F" + n).collect(Collectors.toSet()));
        assertThat(table().values()).allSatisfy(named -> assertThat(named).anyMatch(Named::onThreeNodes));
    }

    @Test
    void every_test_it_names_exists() throws IOException {
        assertThat(table().values().stream().flatMap(List::stream))
                .allSatisfy(
                        named -> assertThat(tests(Class.forName(named.type()))).contains(named.method()));
    }

    @Test
    void every_scenario_that_bears_the_name_of_a_fault_is_in_its_row() throws IOException, ClassNotFoundException {
        var table = table();
        for (var type : scenarios()) {
            for (var method : tests(type)) {
                for (var fault :
                        FAULT.matcher(method).results().map(MatchResult::group).toList()) {
                    assertThat(table.get(fault.toUpperCase(Locale.ROOT))).contains(new Named(type.getName(), method));
                }
            }
        }
    }

    private static Map<String, List<Named>> table() throws IOException {
        var table = new TreeMap<String, List<Named>>();
        ROW.matcher(Files.readString(PAGE))
                .results()
                .forEach(row -> table.put(
                        row.group(1),
                        NAMED.matcher(row.group(2))
                                .results()
                                .map(name -> new Named(name.group(3).replace('/', '.'), name.group(2)))
                                .toList()));
        return table;
    }

    private static List<Class<?>> scenarios() throws IOException, ClassNotFoundException {
        var types = new ArrayList<Class<?>>();
        try (Stream<Path> files = Files.list(CLUSTER)) {
            for (var file : files.map(f -> f.getFileName().toString())
                    .filter(name -> name.endsWith("IT.java"))
                    .toList()) {
                types.add(Class.forName("dev.continuo.cluster." + file.replace(".java", "")));
            }
        }
        return types;
    }

    /** Looks without making an instance, which would launch a cluster. */
    private static Set<String> tests(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods())
                .filter(method ->
                        method.isAnnotationPresent(Test.class) || method.isAnnotationPresent(ParameterizedTest.class))
                .map(Method::getName)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
