package dev.continuo.soak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.MethodModel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.Consumer;

/** The application with one method replaced in its class file: a build that lacks a rule, to see that it is missed. */
final class MutantWar {
    private static final Path WHOLE = Path.of("target", "continuo.war");

    private MutantWar() {}

    /** Its readers know of a later epoch, and take nothing back of what an earlier one had shown. */
    static Path thatNeverTakesAnythingBack(Path folder) {
        return replacing(
                folder.resolve("never-takes-back.war"),
                "dev/continuo/log/ReaderRules",
                "rewound",
                lastIdx -> lastIdx.iload(1).ireturn());
    }

    private static Path replacing(Path mutant, String type, String method, Consumer<CodeBuilder> body) {
        try {
            Files.createDirectories(mutant.getParent());
            Files.copy(WHOLE, mutant, StandardCopyOption.REPLACE_EXISTING);
            try (var war = FileSystems.newFileSystem(mutant)) {
                Path file = war.getPath("WEB-INF/classes/" + type + ".class");
                Files.write(file, replaced(Files.readAllBytes(file), method, body));
            }
            return mutant.toAbsolutePath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] replaced(byte[] type, String method, Consumer<CodeBuilder> body) {
        var classFile = ClassFile.of();
        var found = new int[1];
        byte[] changed = classFile.transformClass(classFile.parse(type), (builder, element) -> {
            if (element instanceof MethodModel is && is.methodName().equalsString(method)) {
                found[0]++;
                builder.withMethodBody(
                        is.methodName(), is.methodType(), is.flags().flagsMask(), body);
            } else {
                builder.with(element);
            }
        });
        if (found[0] != 1) {
            throw new IllegalStateException(found[0] + " methods are named " + method);
        }
        return changed;
    }
}
