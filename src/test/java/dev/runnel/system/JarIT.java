package dev.runnel.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar alone, from any directory. */
class JarIT {
  private static final Path JAR = Path.of("target", "runnel.jar").toAbsolutePath();

  @TempDir Path home;

  @Test
  void theJarServesFromAnyDirectoryAndStopsInOrder() throws Exception {
    try (var service = ServiceProcess.ofJar(JAR, home)) {
      var client = service.client();
      client.get("/api/health").expect(200);
      var run = client.run(client.create("in-the-jar", "bash", "echo works", Map.of()));
      assertThat(client.ended(run).get("outputTail").asText()).isEqualTo("works\n");
      service.signal("TERM");
      assertThat(service.awaitExit()).as(service.output()).isZero();
    }
  }

  @Test
  void theJarRunsAFile() throws IOException, InterruptedException {
    var script = Files.writeString(home.resolve("hi.sh"), "echo hi from $1; exit 4");
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var command =
        Stream.concat(
                Stream.of(java, "-jar", JAR.toString()),
                List.of("run", script.toString(), "a jar").stream())
            .toList();
    var process = new ProcessBuilder(command).directory(home.toFile()).start();
    process.getOutputStream().close();
    assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .isEqualTo("hi from a jar\n");
    assertThat(process.waitFor()).isEqualTo(4);
  }

  @Test
  void theJarRunsModulesAsTheScriptsUser() throws Exception {
    assumeTrue("root".equals(System.getProperty("user.name")), "another user needs root");
    Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
    var jar = Files.copy(JAR, home.resolve("runnel.jar"));
    Modules.copy(home.resolve("functions"));
    try (var service = ServiceProcess.ofJar(List.of("env", "RUNNEL_RUN_AS=nobody"), jar, home)) {
      var call = Modules.call("--reactor", "fibonacci.wasm", "fib 10");
      var reply = service.client().post("/api/scripts/wasm", call).expect(200);
      assertThat(reply.at("/output").asText()).isEqualTo("55\n");
      var worker = Modules.workers(service.pid()).findAny().orElseThrow();
      assertThat(worker.info().user()).contains("nobody");
    }
  }

  @Test
  void aServiceThatIsNotRootHidesItsEnvironmentFromItsScripts() throws Exception {
    assumeTrue("root".equals(System.getProperty("user.name")), "changing the user needs root");
    Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxrwxrwx"));
    var jar = Files.copy(JAR, home.resolve("runnel.jar"));
    var prefix = List.of("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups");
    try (var service = ServiceProcess.ofJar(prefix, jar, home)) {
      assertThat(service.output()).contains("scripts run as the service's own user");
      var client = service.client();
      var spy =
          "id -un; cat /proc/%d/environ; cat /proc/%d/maps".formatted(service.pid(), service.pid());
      var record = client.ended(client.run(client.create("spy", "bash", spy, Map.of())));
      assertThat(record.get("stdoutTail").asText()).isEqualTo("nobody\n");
      assertThat(record.get("stderrTail").asText().lines().filter(l -> l.startsWith("cat: ")))
          .hasSize(2);
    }
  }
}
