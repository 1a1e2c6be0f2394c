package dev.firedrill.internal.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firedrill.internal.SystemTime;
import dev.firedrill.schedule.Chance;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCounted;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class RequestHandlerTests {

    private final Queue<Runnable> routing = new ArrayDeque<>();
    private final List<FullHttpRequest> requests = new ArrayList<>();

    @Test
    void requests_of_a_client_that_is_gone_are_released_and_not_served() {
        try (Proxies proxies = new Proxies(SystemTime.CLOCK, Chance.ofSeed(1))) {
            EmbeddedChannel client = client(new Routes(proxies), false);
            ask(client, "a");
            ask(client, "b");
            assertThat(routing).as("what is served at once").hasSize(1);

            client.close().syncUninterruptibly();
            routing.remove().run();
            client.runPendingTasks();

            assertThat(routing).isEmpty();
            assertThat(requests).extracting(ReferenceCounted::refCnt).containsOnly(0);
            assertThat(proxies.json().toString()).contains("\"a\"").doesNotContain("\"b\"");
            client.finishAndReleaseAll();
        }
    }

    @Test
    void requests_behind_the_end_of_the_server_are_released_and_their_client_closed() {
        try (Proxies proxies = new Proxies(SystemTime.CLOCK, Chance.ofSeed(1))) {
            EmbeddedChannel client = client(new Routes(proxies), true);
            ask(client, "a");
            client.runPendingTasks();

            assertThat(client.isActive()).isFalse();
            assertThat(requests).extracting(ReferenceCounted::refCnt).containsOnly(0);
            client.finishAndReleaseAll();
        }
    }

    private EmbeddedChannel client(Routes routes, boolean ended) {
        RequestDecoder decoder = new RequestDecoder(1_000, 1_000, 1_000);
        Clients clients = new Clients(1, new DefaultChannelGroup(GlobalEventExecutor.INSTANCE));
        RequestBound bound = new RequestBound(1_000, decoder, clients);
        return new EmbeddedChannel(new RequestHandler(
                routes,
                new Guard("localhost", true),
                task -> {
                    if (ended) {
                        throw new RejectedExecutionException("ended");
                    }
                    routing.add(task);
                },
                bound));
    }

    private void ask(EmbeddedChannel client, String proxy) {
        FullHttpRequest request = new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1,
                HttpMethod.POST,
                "/proxies",
                Unpooled.copiedBuffer(
                        "{\"name\":\"" + proxy + "\",\"upstream\":\"127.0.0.1:1\",\"enabled\":false}",
                        StandardCharsets.UTF_8));
        requests.add(request);
        client.writeInbound(request);
    }
}
