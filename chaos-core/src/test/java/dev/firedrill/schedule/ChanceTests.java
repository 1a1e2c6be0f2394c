package dev.firedrill.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class ChanceTests {

    @Test
    void a_choice_depends_on_nothing_but_seed_and_site() {
        Chance first = Chance.ofSeed(7).at("test").at("1-latency").at(3);
        Chance.ofSeed(7).at("test").at("other").uniform();
        assertThat(Chance.ofSeed(7).at("test").at("1-latency").at(3).uniform()).isEqualTo(first.uniform());
        assertThat(Chance.ofSeed(7).at("test").at("1-latency").uniform(3)).isEqualTo(first.uniform());
    }

    /** The values are part of the promise that a seed repeats a run, in later releases too. */
    @Test
    void the_values_never_change() {
        assertThat(Chance.ofSeed(8231).at("step").at(0).uniform()).isEqualTo(0.11518402868933364);
        assertThat(Chance.ofSeed(8231).at("step").normal(0)).isEqualTo(-0.03824162813734068);
        assertThat(Chance.ofSeed(8231).at("step").pareto(0, 3)).isEqualTo(1.041635283131881);
    }

    @Test
    void choices_are_uniform_and_neighbours_are_independent() {
        int hits = 0;
        int pairs = 0;
        Chance site = Chance.ofSeed(42).at("hit");
        for (int i = 0; i < 100_000; i++) {
            boolean hit = site.hits(i, 0.3);
            hits += hit ? 1 : 0;
            pairs += hit && site.hits(i + 1, 0.3) ? 1 : 0;
        }
        assertThat(hits / 100_000.0).isCloseTo(0.3, Offset.offset(0.01));
        assertThat(pairs / 100_000.0).isCloseTo(0.09, Offset.offset(0.01));
    }

    @Test
    void normal_numbers_have_the_mean_and_the_spread_that_they_should() {
        Chance site = Chance.ofSeed(42).at("delay");
        double[] numbers = IntStream.range(0, 100_000).mapToDouble(site::normal).toArray();
        assertThat(Arrays.stream(numbers).average().orElseThrow()).isCloseTo(0, Offset.offset(0.02));
        assertThat(Arrays.stream(numbers).map(each -> each * each).average().orElseThrow())
                .isCloseTo(1, Offset.offset(0.02));
        assertThat(share(numbers, 1)).isCloseTo(0.1587, Offset.offset(0.005));
        assertThat(share(numbers, 2)).isCloseTo(0.0228, Offset.offset(0.002));
        assertThat(Arrays.stream(numbers).map(Math::abs).max().orElseThrow()).isLessThan(9);
    }

    @Test
    void pareto_numbers_have_the_tail_that_they_should() {
        Chance site = Chance.ofSeed(42).at("delay");
        double[] numbers = IntStream.range(0, 100_000)
                .mapToDouble(index -> site.pareto(index, 3))
                .toArray();
        assertThat(Arrays.stream(numbers).min().orElseThrow()).isGreaterThanOrEqualTo(1);
        assertThat(Arrays.stream(numbers).average().orElseThrow()).isCloseTo(1.5, Offset.offset(0.02));
        assertThat(share(numbers, 2)).isCloseTo(1 / 8.0, Offset.offset(0.005));
        assertThat(share(numbers, 4)).isCloseTo(1 / 64.0, Offset.offset(0.002));
    }

    private static double share(double[] numbers, double above) {
        return Arrays.stream(numbers).filter(each -> each > above).count() / (double) numbers.length;
    }

    @Test
    void different_names_are_different_sites() {
        Set<Double> values = new HashSet<>();
        for (String name : new String[] {"a", "b", "ab", "ba", "", "aa", "1", "2"}) {
            values.add(Chance.ofSeed(0).at(name).uniform());
            values.add(Chance.ofSeed(0).at(name).at(1).uniform());
            values.add(Chance.ofSeed(1).at(name).uniform());
        }
        assertThat(values).hasSize(24);
    }
}
