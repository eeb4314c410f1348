package dev.runnel;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The arrows between the packages hold, and each rule that says so can tell when one does not. */
class ArchitectureTest {
  private static final String CROOKED = "crooked";

  private final ArchitectureRules rules = new ArchitectureRules(CROOKED);

  @TempDir Path dir;

  @TestFactory
  Stream<DynamicTest> theServiceKeeps() {
    var classes = new ClassFileImporter().importPath(Path.of("target/classes"));
    assertThat(classes).hasSizeGreaterThan(50);
    return new ArchitectureRules("dev.runnel")
        .all().entrySet().stream()
            .map(rule ->
                DynamicTest.dynamicTest(rule.getKey(), () -> rule.getValue().check(classes)));
  }

  @Test
  void everyArrowThatIsNotAllowedIsNoticed() throws Exception {
    var names = ArchitectureRules.ARROWS.keySet();
    var classes = using(names.stream().flatMap(from -> names.stream().map(to -> pair(from, to))));
    for (var from : names) {
      var found =
          rules.arrows(from).evaluate(classes).getFailureReport().getDetails().stream()
              .map(line -> line.replaceAll(".* has type <crooked\\.(\\w+)\\..*", "$1"));
      var expected =
          names.stream()
              .filter(to -> !to.equals(from) && !ArchitectureRules.allowed(from).contains(to));
      assertThat(found).as(from).containsExactlyInAnyOrderElementsOf(expected.toList());
    }
  }

  private static Use pair(String from, String to) {
    return uses(CROOKED + "." + from + ".part.To" + to, CROOKED + "." + to + ".part.Thing");
  }

  @Test
  void theDomainUsesNothingButTheDomain() {
    assertThat(ArchitectureRules.allowed("problem")).isEmpty();
    assertThat(ArchitectureRules.allowed("config")).containsExactly("problem");
    assertThat(ArchitectureRules.allowed("run"))
        .containsExactlyInAnyOrder("script", "account", "config", "telemetry", "problem");
  }

  @ParameterizedTest
  @ValueSource(strings = {"problem", "store", "http.admin"})
  void nobodyButTheCommandsUsesTheRoot(String from) throws Exception {
    var name = from.split("\\.", 2)[0];
    noticed(rules.arrows(name), from + ".A", CROOKED + ".Main");
    kept(rules.arrows("cli"), "cli.A", CROOKED + ".Main");
  }

  @ParameterizedTest
  @CsvSource({"store, auth", "store, store.embedded", "http, http.admin"})
  void aCycleIsNoticed(String one, String other) throws Exception {
    var a = CROOKED + "." + one + ".A";
    var b = CROOKED + "." + other + ".B";
    assertThat(violated(rules.noCycles(), using(Stream.of(uses(a, b), uses(b, a))))).isTrue();
    assertThat(violated(rules.noCycles(), using(Stream.of(uses(a, b))))).isFalse();
  }

  @Test
  void theDialectsStayApart() throws Exception {
    var toAdmin = rules.apart("http.bosbase", "http.admin");
    noticed(toAdmin, "http.bosbase.A", CROOKED + ".http.admin.B");
    kept(toAdmin, "http.bosbase.A", CROOKED + ".http.B");
    noticed(rules.apart("http.admin", "http.bosbase"), "http.admin.A", CROOKED + ".http.bosbase.B");
  }

  @ParameterizedTest
  @ValueSource(strings = {"util.Strings", "storage.A", "common.A"})
  void aPackageThatIsNotPlannedIsNoticed(String name) throws Exception {
    noticed(rules.onlyKnownPackages(), name, "java.lang.String");
    kept(rules.onlyKnownPackages(), "store.embedded.A", "java.lang.String");
    kept(rules.onlyKnownPackages(), "Main", "java.lang.String");
  }

  @ParameterizedTest
  @ValueSource(strings = {"execution.Spawner", "execution.NativeCalls", "store.Native"})
  void nativeCallsElsewhereAreNoticed(String name) throws Exception {
    var rule = rules.nativeCallsInOnePlace();
    noticed(rule, name, "java.lang.foreign.Linker");
    kept(rule, name, "java.lang.foreign.MemorySegment");
    kept(rule, "execution.Native", "java.lang.foreign.Linker");
    kept(rule, "execution.Native$Part", "java.lang.foreign.Linker");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "io.vertx.sqlclient.Row",
        "io.vertx.pgclient.PgConnection",
        "java.sql.Connection",
        "javax.sql.DataSource",
        "org.flywaydb.core.Flyway",
        "org.postgresql.Driver"
      })
  void theDatabaseElsewhereIsNoticed(String used) throws Exception {
    noticed(rules.databaseInStore(), "execution.A", used);
    noticed(rules.databaseInStore(), "cli.A", used);
    kept(rules.databaseInStore(), "store.embedded.A", used);
  }

  @ParameterizedTest
  @ValueSource(strings = {"io.vertx.ext.web.Router", "io.vertx.ext.auth.jwt.JWTAuth"})
  void theWebElsewhereIsNoticed(String used) throws Exception {
    noticed(rules.webInHttp(), "execution.A", used);
    kept(rules.webInHttp(), "http.admin.A", used);
    kept(rules.webInHttp(), "auth.A", used);
    kept(rules.webInHttp(), "execution.A", "io.vertx.core.Vertx");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "RunManager",
        "FileHelper",
        "StringUtil",
        "StringUtils",
        "RunsImpl",
        "RunData",
        "BuildInfo",
        "RunService",
        "RunProcessor",
        "Run$Info",
        "Run$Info$1"
      })
  void aNameThatSaysNothingIsNoticed(String name) throws Exception {
    noticed(rules.namesThatSaySomething(), "store." + name, "java.lang.String");
    kept(rules.namesThatSaySomething(), "store.Database", "java.lang.String");
    kept(rules.namesThatSaySomething(), "store.DataOptions", "java.lang.String");
  }

  private void noticed(ArchRule rule, String name, String used) throws Exception {
    assertThat(violated(rule, using(Stream.of(uses(CROOKED + "." + name, used))))).isTrue();
  }

  private void kept(ArchRule rule, String name, String used) throws Exception {
    assertThat(violated(rule, using(Stream.of(uses(CROOKED + "." + name, used))))).isFalse();
  }

  private static boolean violated(ArchRule rule, JavaClasses classes) {
    return rule.evaluate(classes).hasViolation();
  }

  private record Use(String name, String used) {}

  private static Use uses(String name, String used) {
    return new Use(name, used);
  }

  /** Classes with one field each, made for the occasion. */
  private JavaClasses using(Stream<Use> uses) throws Exception {
    var made = Files.createTempDirectory(dir, "classes");
    for (var use : uses.toList()) {
      var file = made.resolve(use.name.replace('.', '/') + ".class");
      Files.createDirectories(file.getParent());
      Files.write(
          file,
          ClassFile.of()
              .build(
                  ClassDesc.of(use.name),
                  type -> type.withField("used", ClassDesc.of(use.used), ClassFile.ACC_PRIVATE)));
    }
    return new ClassFileImporter().importPath(made);
  }
}
