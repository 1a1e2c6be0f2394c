package dev.firedrill.internal.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.firedrill.internal.proxy.Rig.Route;
import io.netty.util.ResourceLeakDetector;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A message without faults leaves no garbage, so that the proxy never makes a test's JVM collect. */
class AllocationTests {

    private static final int WARM_UP = 2_000;
    private static final int MESSAGES = 2_000;

    /** What Netty and the JVM do now and then, such as filling a pool. */
    private static final long LITTLE = 4_096;

    /** The JDK's selector makes garbage of its own, for each exchange. */
    private static final long BY_SELECTOR = 1_024;

    @RegisterExtension
    final Rig rig = new Rig();

    private final ResourceLeakDetector.Level level = ResourceLeakDetector.getLevel();

    /** It looks at every 128th buffer, and writes down where that was made. */
    @BeforeEach
    void without_netty_s_search_for_leaks() {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
    }

    @AfterEach
    void search_again() {
        ResourceLeakDetector.setLevel(level);
    }

    @Test
    void a_message_without_faults_allocates_nothing() throws IOException {
        boolean epoll = Transport.get().connecting().getSimpleName().startsWith("Epoll");
        Route route = rig.connect();
        exchange(route, WARM_UP);

        long before = allocated();
        exchange(route, MESSAGES);

        assertThat(allocated() - before).isLessThanOrEqualTo(LITTLE + (epoll ? 0 : MESSAGES * BY_SELECTOR));
    }

    private static void exchange(Route route, int times) throws IOException {
        for (int i = 0; i < times; i++) {
            route.exchange();
        }
    }

    private static long allocated() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long id = Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
                .filter(info -> info != null && info.getThreadName().equals(IoThread.NAME))
                .mapToLong(ThreadInfo::getThreadId)
                .findFirst()
                .orElseThrow();
        return threads.getThreadAllocatedBytes(id);
    }
}
