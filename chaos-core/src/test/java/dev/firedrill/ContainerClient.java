package dev.firedrill;

import dev.firedrill.Answer.How;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.MountableFile;

/** Another container as a client, which calls redis by its alias. */
record ContainerClient(String name, GenericContainer<?> container, AtomicInteger opened) implements PlainClient {

    private static final String SCRIPT = "/tmp/talk.sh";
    private static final String CONNECT_SECONDS = "4"; // longer than a name server takes to say no

    ContainerClient(String name, GenericContainer<?> container) {
        this(name, container, new AtomicInteger());
    }

    /** A container that can be one. */
    static GenericContainer<?> prepared() {
        return new GenericContainer<>("redis:7.0")
                .withCopyFileToContainer(MountableFile.forClasspathResource("dev/firedrill/talk.sh"), SCRIPT);
    }

    @Override
    public Talk open() throws Exception {
        String connection = "c" + opened.incrementAndGet();
        Answer first = answer(run("open", connection));
        if (!first.isAnswered()) {
            throw new IllegalStateException("no answer before the fault: " + first);
        }
        return new Talk() {
            @Override
            public Answer ask(Question question) throws Exception {
                return answer(run("ask", connection, question.command, String.valueOf(question.count), seconds(LIMIT)));
            }

            @Override
            public void close() {
                try {
                    run("close", connection);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
        };
    }

    @Override
    public Answer ask(Question question) throws Exception {
        return answer(run("new", question.command, String.valueOf(question.count), seconds(LIMIT)));
    }

    private static String seconds(Duration limit) {
        return String.valueOf(limit.toSeconds());
    }

    private ExecResult run(String... words) throws Exception {
        List<String> command =
                new ArrayList<>(words[0].equals("new") ? List.of("timeout", CONNECT_SECONDS, "bash") : List.of("bash"));
        command.add(SCRIPT);
        command.addAll(List.of(words));
        return container.execInContainer(command.toArray(String[]::new));
    }

    private static Answer answer(ExecResult result) {
        String out = (result.getStdout() + result.getStderr()).strip();
        if (out.matches("[A-Z]+ \\d+")) {
            String[] words = out.split(" ", -1);
            return new Answer(How.valueOf(words[0]), Duration.ofNanos(Long.parseLong(words[1]) * 1_000));
        }
        if (out.contains("Connection refused")) {
            return Answer.of(How.REFUSED);
        }
        if (result.getExitCode() == 124
                || out.contains("name resolution")
                || out.contains("not known")
                || out.contains("No route to host")) {
            return Answer.of(How.LOST);
        }
        throw new IllegalStateException("exit code " + result.getExitCode() + ": " + out);
    }
}
