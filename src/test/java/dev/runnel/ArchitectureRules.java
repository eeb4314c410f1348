package dev.runnel;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who may use whom. The rules take the root package, so that they can be shown classes that break
 * them.
 */
record ArchitectureRules(String root) {

  /** Allowed in every package but in what they hold themselves. */
  private static final Set<String> EVERYWHERE = Set.of("config", "telemetry", "problem");

  /** What each package may use beside {@link #EVERYWHERE}; subpackages count as their parent. */
  static final Map<String, Set<String>> ARROWS =
      Map.ofEntries(
          Map.entry("account", Set.of()),
          Map.entry("script", Set.of("account")),
          Map.entry("run", Set.of("script", "account")),
          Map.entry("bus", Set.of("script", "run", "account")),
          Map.entry("secret", Set.of("bus", "script", "run", "account")),
          Map.entry("store", Set.of("bus", "script", "run", "account", "secret")),
          Map.entry("execution", Set.of("bus", "script", "run", "account", "secret", "worker")),
          Map.entry("worker", Set.of()),
          Map.entry("auth", Set.of("bus", "script", "run", "account")),
          Map.entry("files", Set.of()),
          Map.entry("http", Set.of("bus", "script", "run", "account", "auth", "secret", "files")),
          Map.entry(
              "cli",
              Set.of(
                  "bus",
                  "script",
                  "run",
                  "account",
                  "auth",
                  "secret",
                  "store",
                  "execution",
                  "files",
                  "http")),
          Map.entry("config", Set.of()),
          Map.entry("telemetry", Set.of()),
          Map.entry("problem", Set.of()));

  private static final List<String> SHAPELESS =
      List.of("Manager", "Helper", "Util", "Utils", "Impl", "Data", "Info", "Service", "Processor");

  /** The packages that this one may use. */
  static Set<String> allowed(String from) {
    var allowed = new HashSet<>(ARROWS.get(from));
    switch (from) {
      case "problem", "worker" -> {}
      case "config" -> allowed.add("problem");
      default -> allowed.addAll(EVERYWHERE);
    }
    allowed.remove(from);
    return allowed;
  }

  Map<String, ArchRule> all() {
    var rules = new LinkedHashMap<String, ArchRule>();
    ARROWS.keySet().forEach(name -> rules.put("arrows of " + name, arrows(name)));
    rules.put("cycles", noCycles());
    rules.put("known packages", onlyKnownPackages());
    rules.put("bosbase", apart("http.bosbase", "http.admin"));
    rules.put("admin", apart("http.admin", "http.bosbase"));
    rules.put("native", nativeCallsInOnePlace());
    rules.put("database", databaseInStore());
    rules.put("web", webInHttp());
    rules.put("modules", modulesInWorker());
    rules.put("names", namesThatSaySomething());
    return rules;
  }

  ArchRule arrows(String from) {
    var forbidden = new ArrayList<String>();
    ARROWS.keySet().stream()
        .filter(to -> !to.equals(from) && !allowed(from).contains(to))
        .forEach(to -> forbidden.add(within(to)));
    if (!from.equals("cli")) {
      forbidden.add(root);
    }
    return noClasses()
        .that()
        .resideInAPackage(within(from))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(forbidden.toArray(String[]::new))
        .allowEmptyShould(true);
  }

  ArchRule noCycles() {
    return slices().matching(root + ".(**)").should().beFreeOfCycles().allowEmptyShould(true);
  }

  /** Whoever adds a package says in {@link #ARROWS} what it may use. */
  ArchRule onlyKnownPackages() {
    var known = new ArrayList<>(List.of(root));
    ARROWS.keySet().forEach(name -> known.add(within(name)));
    return classes().should().resideInAnyPackage(known.toArray(String[]::new));
  }

  ArchRule apart(String dialect, String other) {
    return noClasses()
        .that()
        .resideInAPackage(within(dialect))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(within(other))
        .allowEmptyShould(true);
  }

  ArchRule nativeCallsInOnePlace() {
    var home = root + ".execution.Native";
    return noClasses()
        .that(
            describe(
                "are not " + home,
                (JavaClass type) ->
                    !type.getName().equals(home) && !type.getName().startsWith(home + "$")))
        .should()
        .dependOnClassesThat()
        .haveNameMatching(
            "java\\.lang\\.foreign\\.(Linker|SymbolLookup|FunctionDescriptor)(\\$.*)?")
        .allowEmptyShould(true);
  }

  ArchRule databaseInStore() {
    return noClasses()
        .that()
        .resideOutsideOfPackage(within("store"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.vertx.sqlclient..",
            "io.vertx.pgclient..",
            "java.sql..",
            "javax.sql..",
            "org.postgresql..",
            "org.flywaydb..")
        .allowEmptyShould(true);
  }

  ArchRule webInHttp() {
    return noClasses()
        .that()
        .resideOutsideOfPackages(within("http"), within("auth"))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.vertx.ext..")
        .allowEmptyShould(true);
  }

  /** The service's own process never runs a module. */
  ArchRule modulesInWorker() {
    return noClasses()
        .that()
        .resideOutsideOfPackage(within("worker.wasm"))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.dylibso.chicory..")
        .allowEmptyShould(true);
  }

  ArchRule namesThatSaySomething() {
    return noClasses()
        .should()
        .haveNameMatching(".*(" + String.join("|", SHAPELESS) + ")(\\$\\d+)?")
        .allowEmptyShould(true);
  }

  private String within(String name) {
    return root + "." + name + "..";
  }
}
