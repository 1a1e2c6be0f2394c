package dev.firedrill.junit5;

import static java.util.Objects.requireNonNull;

import dev.firedrill.Chaos;
import dev.firedrill.Drill;
import dev.firedrill.Experiment;
import dev.firedrill.Report;
import dev.firedrill.Service;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeTestExecutionCallback;
import org.junit.jupiter.api.extension.DynamicTestInvocationContext;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestInstanceFactoryContext;
import org.junit.jupiter.api.extension.TestInstancePostProcessor;
import org.junit.jupiter.api.extension.TestInstancePreConstructCallback;

/**
 * Runs an experiment around each test that declares a fault; registered by {@link Firedrill}, or built by hand for a static
 * {@code @RegisterExtension} field.
 *
 * <pre>
 *   instance or &#64;BeforeAll   read, check, start services, set static fields
 *   before the body           steady? inject     (BeforeTestExecutionCallback: outside &#64;Timeout, around dynamic tests)
 *   the body                  T0
 *   after the body            rest of the schedule, heal, judge, report, throw unless the verdict is as expected
 *   &#64;AfterEach                may take the Report
 *   end of the run            services end, links close
 * </pre>
 *
 * Built by hand it does all that the annotations do. In parallel execution put {@link Firedrill} on the class as well: only
 * an annotation can keep tests apart that share a service.
 *
 * <pre>{@code
 * @RegisterExtension
 * static final FiredrillExtension chaos = FiredrillExtension.builder()
 *         .service("redis", EmbeddedRedis.process())
 *         .steadyState("cart works", () -> ping())
 *         .inject(new Latency(ofMillis(300)), "redis")
 *         .recoversWithin(ofSeconds(5))
 *         .build();
 * }</pre>
 *
 * @since 0.1
 */
public final class FiredrillExtension
        implements BeforeAllCallback,
                TestInstancePreConstructCallback,
                TestInstancePostProcessor,
                ParameterResolver,
                BeforeTestExecutionCallback,
                TestExecutionExceptionHandler,
                AfterTestExecutionCallback,
                AfterEachCallback,
                InvocationInterceptor {

    private static final Namespace NAMESPACE = Namespace.create(FiredrillExtension.class);

    private final @Nullable ExtensionBuilder built;
    private final List<ServiceDeclaration> services;
    private volatile @Nullable Chaos scope;

    /** What {@link Firedrill} registers. */
    FiredrillExtension() {
        built = null;
        services = List.of();
    }

    FiredrillExtension(ExtensionBuilder built) {
        this.built = built;
        this.services = built.services(this);
    }

    /**
     * Builds an extension by hand.
     *
     * @return what collects it
     */
    public static ExtensionBuilder builder() {
        return new ExtensionBuilder();
    }

    /**
     * A service of the running test class, with its addresses.
     *
     * @param name its name
     * @return the service
     * @throws IllegalArgumentException if there is none of this name
     * @throws IllegalStateException if no test class that has this extension has begun
     */
    public Service service(String name) {
        Chaos open = scope;
        if (open == null) {
            throw new IllegalStateException("service \"" + name
                    + "\": no test class with this extension has begun; ask in a test or a lifecycle method");
        }
        return open.service(name);
    }

    List<ServiceDeclaration> services() {
        return services;
    }

    boolean isBuiltByHand() {
        return built != null;
    }

    ExtensionBuilder settings() {
        return built == null ? new ExtensionBuilder() : built;
    }

    // ---- the class

    @Override
    public void preConstructTestInstance(TestInstanceFactoryContext factory, ExtensionContext context) {
        open(context, factory.getTestClass());
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        open(context, context.getRequiredTestClass());
    }

    @Override
    public void postProcessTestInstance(Object instance, ExtensionContext context) {
        open(context, instance.getClass()).ifPresent(open -> open.fill(instance));
    }

    /** The class if this extension is responsible for it; the first call reads, checks and starts everything. */
    @SuppressWarnings("deprecation") // the replacement is not in the oldest JUnit served
    private Optional<OpenClass> open(ExtensionContext context, Class<?> type) {
        Store store = context.getRoot().getStore(NAMESPACE);
        OpenClass open = requireNonNull(store.getOrComputeIfAbsent(
                List.of(OpenClass.class, type), key -> start(context, store, type), OpenClass.class));
        if (!open.belongsTo(this)) {
            return Optional.empty();
        }
        if (open.hasServices()) {
            scope = open.scope();
        }
        return Optional.of(open);
    }

    private OpenClass start(ExtensionContext context, Store store, Class<?> type) {
        TestClass read = TestClass.of(type);
        FiredrillExtension byHand = read.extension().orElse(null);
        return OpenClass.open(read, byHand, () -> (byHand == null ? this : byHand).shared(context, store));
    }

    @SuppressWarnings("deprecation") // the replacement is not in the oldest JUnit served
    private Shared shared(ExtensionContext context, Store store) {
        Object key = settings().hasChaosOfItsOwn() ? List.of(Shared.class, this) : Shared.class;
        return requireNonNull(store.getOrComputeIfAbsent(key, unused -> new Shared(start(context)), Shared.class));
    }

    private Chaos start(ExtensionContext context) {
        try {
            Chaos.Builder builder = Chaos.builder()
                    .settings(name -> context.getConfigurationParameter(name).orElse(null));
            settings().addTo(builder);
            return builder.start();
        } catch (IllegalArgumentException e) {
            throw new ExtensionConfigurationException(String.valueOf(e.getMessage()), e);
        }
    }

    // ---- parameters

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        boolean ours = parameter.isAnnotated(ServiceUri.class)
                || type == Drill.class
                || type == Report.class
                || Parameters.isOptionalReport(parameter.getParameter());
        return ours && open(context, classOf(parameter, context)).isPresent();
    }

    @Override
    public @Nullable Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        if (parameter.isAnnotated(ServiceUri.class)) {
            OpenClass open = open(context, classOf(parameter, context)).orElseThrow();
            return Address.of(parameter.getParameter()).value(open.scope());
        }
        return Parameters.resolve(parameter, window(context));
    }

    private static Class<?> classOf(ParameterContext parameter, ExtensionContext context) {
        Executable executable = parameter.getDeclaringExecutable();
        return executable instanceof Method ? context.getRequiredTestClass() : executable.getDeclaringClass();
    }

    // ---- the test

    @Override
    public void beforeTestExecution(ExtensionContext context) {
        OpenClass open = open(context, context.getRequiredTestClass()).orElse(null);
        if (open == null) {
            return;
        }
        open.plan(context.getRequiredTestMethod()).ifPresent(plan -> {
            Experiment experiment = plan.experiment(
                    open.scope(),
                    Names.title(context),
                    Names.id(context),
                    type -> context.getRequiredTestInstances()
                            .findInstance(type)
                            .orElse(null));
            store(context).put(List.of(Window.class, this), Window.open(experiment));
        });
    }

    private static Store store(ExtensionContext context) {
        return context.getStore(NAMESPACE);
    }

    /** Two extensions are registered where one was built by hand beside the annotation; each has its own. */
    private @Nullable Window window(ExtensionContext context) {
        return store(context).get(List.of(Window.class, this), Window.class);
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable thrown) throws Throwable {
        Window window = window(context);
        if (window == null) {
            throw thrown;
        }
        // thrown with the verdict, for whatever is thrown first decides what JUnit says of the test
        window.keep(thrown);
    }

    @Override
    public void afterTestExecution(ExtensionContext context) {
        Window window = window(context);
        if (window != null) {
            // what the handler was not asked about, such as a stream of dynamic tests that breaks off
            context.getExecutionException().ifPresent(window::failed);
            Report report = window.finish();
            context.publishReportEntry(Parameters.entries(report));
            report.throwUnlessExpected();
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        OpenClass open = open(context, context.getRequiredTestClass()).orElse(null);
        boolean planned =
                open != null && open.plan(context.getRequiredTestMethod()).isPresent();
        if (planned
                && window(context) == null
                && context.getExecutionException().isEmpty()) {
            throw new ExtensionConfigurationException(Names.of(context.getRequiredTestMethod())
                    + " declares faults, but JUnit never came to its body, so that none was injected; is another"
                    + " extension in the way?");
        }
    }

    // ---- the body, which must not run where the window is not open

    @Override
    public void interceptTestMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        proceedIfOpen(invocation, context);
    }

    @Override
    public void interceptTestTemplateMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        proceedIfOpen(invocation, context);
    }

    private void proceedIfOpen(Invocation<Void> invocation, ExtensionContext context) throws Throwable {
        Window window = window(context);
        if (window == null) {
            invocation.proceed();
        } else if (window.isOpen()) {
            window.run(invocation);
        } else {
            invocation.skip();
        }
    }

    @Override
    @SuppressWarnings("unchecked") // JUnit takes whatever streams, however the method is declared
    public <T extends @Nullable Object> T interceptTestFactoryMethod(
            Invocation<T> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        Window window = window(context);
        if (window == null) {
            return invocation.proceed();
        }
        if (!window.isOpen()) {
            invocation.skip();
            return (T) Stream.empty();
        }
        try {
            return window.run(invocation);
        } catch (Throwable e) {
            // JUnit asks no exception handler about a factory
            window.keep(e);
            return (T) Stream.empty();
        }
    }

    @Override
    public void interceptDynamicTest(
            Invocation<Void> invocation, DynamicTestInvocationContext test, ExtensionContext context) throws Throwable {
        Window window = window(context);
        if (window == null) {
            invocation.proceed();
        } else {
            window.runPart(invocation);
        }
    }
}
