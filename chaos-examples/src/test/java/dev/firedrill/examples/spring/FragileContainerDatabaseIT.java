package dev.firedrill.examples.spring;

import dev.firedrill.Verdict;
import dev.firedrill.junit5.ExpectVerdict;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The fragile twin has the defaults of its driver and its pool: it waits for ever, and the drill says so. */
@ExpectVerdict(Verdict.BODY_FAILED)
class FragileContainerDatabaseIT extends SpringContainerShop {

    @DynamicPropertySource
    static void properties(DynamicPropertyRegistry registry) {
        registry.add("spring.datasource.url", () -> jdbc);
    }
}
