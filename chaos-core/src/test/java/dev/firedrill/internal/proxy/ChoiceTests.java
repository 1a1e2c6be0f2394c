package dev.firedrill.internal.proxy;

import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firedrill.BareLinks;
import dev.firedrill.fault.Blackhole;
import dev.firedrill.fault.Direction;
import dev.firedrill.fault.Latency;
import dev.firedrill.fault.Refuse;
import dev.firedrill.fault.ResetPeer;
import dev.firedrill.internal.proxy.Peer.Ending;
import dev.firedrill.internal.proxy.Rig.Injected;
import dev.firedrill.internal.proxy.Rig.Route;
import dev.firedrill.report.Choice;
import dev.firedrill.schedule.Schedule;
import dev.firedrill.spi.Draw;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What chance decides on a link, and who is counted as whose. */
class ChoiceTests {

    private static final Schedule HALF = Schedule.now().probability(0.5);
    private static final Latency LATENCY = new Latency(ofMillis(2), ofMillis(2), Direction.BOTH);

    @RegisterExtension
    final Rig rig = new Rig();

    @Test
    void the_same_seed_makes_the_same_choices_per_connection_and_offset() throws Exception {
        rig.seed(7);
        Set<String> first = twoConnectionsAtOnce();
        rig.again();
        Set<String> second = twoConnectionsAtOnce();
        rig.again();
        rig.seed(8);
        Set<String> other = twoConnectionsAtOnce();

        assertThat(second).isEqualTo(first);
        assertThat(other).isNotEqualTo(first);
        assertThat(first).as("200 candidates, and a delay for each hit").hasSizeBetween(250, 350);
    }

    private Set<String> twoConnectionsAtOnce() throws Exception {
        rig.inject("1-latency", LATENCY, HALF);
        Route one = rig.connect();
        Route other = rig.connect();
        Background<Boolean> beside = Background.run(() -> talk(one));
        talk(other);
        beside.result(Peer.PATIENCE);
        Set<String> all = new TreeSet<>();
        for (Choice choice : rig.choices()) {
            // which candidate is the first that is forced follows from the order of the traffic, and nothing else does
            String value = choice.value().equals("forced") ? "false" : choice.value();
            all.add(choice.link() + " " + choice.connection() + " " + choice.direction() + " " + choice.unit() + " "
                    + choice.purpose() + " " + value);
        }
        return all;
    }

    private static void talk(Route route) throws IOException {
        for (int i = 0; i < 50; i++) {
            route.exchange();
        }
    }

    @Test
    void the_same_seed_hits_the_same_connections() throws IOException {
        List<Ending> first = endings();
        rig.again();
        List<Ending> second = endings();

        assertThat(second).isEqualTo(first);
        assertThat(first).contains(Ending.FIN, Ending.RST);
    }

    private List<Ending> endings() throws IOException {
        Injected reset = rig.inject("1-reset-peer", new ResetPeer(), HALF);
        List<Ending> endings = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            Route route = rig.connect();
            speakAndFinish(route.caller());
            endings.add(route.service().ending());
        }
        assertThat(rig.choices()).as("one for each connection").hasSize(30);
        assertThat(reset.effects().ofTest())
                .isEqualTo(endings.stream().filter(Ending.RST::equals).count());
        for (int i = 0; i < 30; i++) {
            Choice choice = rig.choices().get(i);
            assertThat(choice.connection()).isEqualTo(i);
            assertThat(choice.link()).isEqualTo("test->kv");
            assertThat(choice.value().equals("false")).as("%s", choice).isEqualTo(endings.get(i) == Ending.FIN);
        }
        return endings;
    }

    private static void speakAndFinish(Peer caller) throws IOException {
        try {
            caller.send("request").send(" and more").finish();
        } catch (SocketException e) {
            return; // it was reset in between
        }
    }

    @Test
    void a_connection_that_was_not_hit_stays_so_when_the_step_occurs_again() throws IOException {
        Draw draw = rig.draw("1-blackhole", HALF);
        Injected first = rig.inject(draw, "1-blackhole", new Blackhole(), HALF);
        List<Route> spared = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Route route = rig.connect();
            route.caller().send("?");
            if (!route.service().isQuietFor(ofMillis(30))) {
                spared.add(route);
            }
        }
        first.heal();
        Injected second = rig.inject(draw, "1-blackhole", new Blackhole(), HALF);

        assertThat(spared).hasSizeBetween(1, 19);
        for (Route route : spared) {
            route.exchange();
        }
        assertThat(second.effects().all()).isZero();
        assertThat(rig.choices()).hasSize(20);
    }

    @Test
    void a_message_that_is_not_hit_does_not_overtake_one_that_is() throws IOException {
        rig.inject("1-latency", new Latency(ofMillis(20), Duration.ZERO, Direction.UPSTREAM), HALF);
        Route route = rig.connect();

        StringBuilder sent = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            String message = ("message " + i + ";").repeat(200).substring(0, 1024);
            sent.append(message);
            rig.sendAlone(route, Direction.UPSTREAM, message);
        }

        assertThat(route.service().receive(sent.length())).isEqualTo(sent.toString());
        assertThat(rig.choices())
                .hasSize(100)
                .anyMatch(choice -> choice.value().equals("false"))
                .anyMatch(choice -> choice.value().equals("true"));
    }

    @Test
    void only_the_nth_candidate_is_hit() throws IOException {
        Schedule third = Schedule.now().nth(3);
        Injected refuse = rig.inject("1-refuse", new Refuse(), third);

        rig.connect().exchange();
        rig.connect().exchange();
        assertThat(Peer.endingOfNew(rig.front().address())).isEqualTo(Ending.RST);
        rig.connect().exchange();

        assertThat(refuse.effects().ofTest()).isEqualTo(1);
    }

    @Test
    void an_experiment_counts_connections_and_bytes_from_its_beginning() throws IOException {
        Route gone = rig.connect().exchange();
        Route open = rig.connect().exchange();
        rig.connect(rig.probeFront());
        gone.caller().reset();
        assertThat(gone.service().ending()).isEqualTo(Ending.RST);

        rig.front().countAnew();
        rig.inject("1-latency", LATENCY, HALF);
        open.exchange();
        rig.connect().exchange();

        assertThat(hits()).containsExactly("0 upstream 0", "0 downstream 0", "1 upstream 0", "1 downstream 0");
    }

    private List<String> hits() {
        return rig.choices().stream()
                .filter(choice -> choice.purpose().equals("hit"))
                .map(choice -> choice.connection() + " " + choice.direction() + " " + choice.unit())
                .toList();
    }

    @Test
    void a_connection_that_was_opened_while_a_probe_looked_is_the_probes_until_somebody_speaks_on_it_alone()
            throws IOException {
        Injected latency = rig.inject("1-latency", LATENCY, HALF.probability(1));
        BareLinks.look(rig.link(), true);
        Route route = rig.connect();
        route.exchange();
        assertThat(latency.effects().doubtful()).isEqualTo(2);
        assertThat(latency.effects().ofTest()).isZero();

        BareLinks.look(rig.link(), false);
        route.service().send("!");
        route.caller().receive(1);
        assertThat(latency.effects().doubtful()).as("a reply proves nothing").isEqualTo(3);
        route.exchange();

        assertThat(latency.effects().ofTest()).isEqualTo(2);
        assertThat(latency.effects().doubtful()).isEqualTo(3);
    }

    @Test
    void a_connection_on_which_a_probe_speaks_too_is_the_tests_only_while_nobody_looks() throws IOException {
        Injected latency = rig.inject("1-latency", LATENCY, Schedule.now());
        Route route = rig.connect();

        BareLinks.look(rig.link(), true);
        route.exchange();
        assertThat(latency.effects().ofTest()).isZero();
        assertThat(latency.effects().doubtful()).isEqualTo(2);

        BareLinks.look(rig.link(), false);
        route.exchange();
        assertThat(latency.effects().ofTest()).isEqualTo(2);
        assertThat(latency.effects().doubtful()).isEqualTo(2);
    }

    @Test
    void a_connection_on_which_no_probe_speaks_is_the_tests_although_one_looks() throws IOException {
        Injected latency = rig.inject("1-latency", LATENCY, Schedule.now());
        Route route = rig.connect().exchange();

        BareLinks.look(rig.link(), true);
        route.service().send("!");
        route.caller().receive(1);

        assertThat(latency.effects().ofTest()).isEqualTo(3);
    }

    @Test
    void a_connection_that_a_probe_opened_has_a_number_of_the_tests_as_soon_as_that_speaks() throws IOException {
        Schedule third = Schedule.now().nth(3);
        BareLinks.look(rig.link(), true);
        Route route = rig.connect().exchange();
        BareLinks.look(rig.link(), false);
        rig.front().countAnew();
        Injected latency = rig.inject("1-latency", LATENCY, third);

        route.exchange();
        route.exchange();

        assertThat(latency.effects().ofTest()).isEqualTo(1);
        assertThat(hits()).startsWith("0 upstream 0", "0 downstream 0", "0 upstream 1");
    }

    @Test
    void a_message_is_what_one_side_says_until_the_other_speaks_however_it_is_read() throws IOException {
        rig.inject("1-latency", LATENCY, HALF);
        Route route = rig.connect();
        for (String part : List.of("a ", "message ", "in ", "parts")) {
            rig.sendAlone(route, Direction.UPSTREAM, part);
        }
        route.service().receive(18);
        route.service().send("x".repeat(2500));
        route.caller().receive(2500);

        assertThat(hits()).containsExactly("0 upstream 0", "0 downstream 0", "0 downstream 1024", "0 downstream 2048");
    }

    @Test
    void connections_of_probes_do_not_shift_the_numbers_of_the_tests() throws IOException {
        rig.inject("1-latency", LATENCY, HALF);
        rig.connect();
        BareLinks.look(rig.link(), true);
        Route probe = rig.connect().exchange();
        BareLinks.look(rig.link(), false);
        Route second = rig.connect().exchange();

        assertThat(rig.choices().stream()
                        .filter(choice -> choice.purpose().equals("hit"))
                        .map(choice -> choice.link() + " " + choice.connection())
                        .distinct())
                .containsExactly("test->kv (probe) 0", "test->kv 1");
        assertThat(probe).isNotEqualTo(second);
    }
}
