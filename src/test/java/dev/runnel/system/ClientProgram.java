package dev.runnel.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/** A client written in another language: a program of steps, each of which becomes a test. */
record ClientProgram(ClientPackages packages, Path file) {
  private static final long LONGEST_SECONDS = 180;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A program for Node among the test resources. */
  static ClientProgram node(String name) {
    return new ClientProgram(ClientPackages.NPM, resource(name));
  }

  /** A program for Python among the test resources. */
  static ClientProgram python(String name) {
    return new ClientProgram(ClientPackages.PYPI, resource(name));
  }

  /** Where programs lie: below the folder that holds the packages for Node. */
  static Path resource(String name) {
    try {
      return Path.of(ClientProgram.class.getResource("/clients").toURI()).resolve(name);
    } catch (URISyntaxException impossible) {
      throw new AssertionError(impossible);
    }
  }

  /** Its steps against a running service, or one skipped test that says what is missing. */
  Stream<DynamicTest> steps(ServiceProcess service) {
    return steps(environment(service));
  }

  /** The same of a program that needs no service. */
  Stream<DynamicTest> steps() {
    return steps(Map.of());
  }

  /** The same with a service of its own on a {@link FunctionsFolder}. */
  Stream<DynamicTest> steps(FunctionsFolder folder) {
    if (packages.missing().isPresent()) {
      return steps();
    }
    try (var service = folder.start()) {
      return steps(service);
    }
  }

  private Stream<DynamicTest> steps(Map<String, String> environment) {
    return packages.missing().map(this::skipped).orElseGet(() -> tests(run(environment)));
  }

  private Stream<DynamicTest> skipped(String reason) {
    return Stream.of(dynamicTest(file.getFileName() + " was not run", () -> abort(reason)));
  }

  /** What a program knows of its service; {@code UV} only where that is installed. */
  static Map<String, String> environment(ServiceProcess service) {
    var environment = new HashMap<String, String>();
    environment.put("RUNNEL", service.url());
    environment.put("IDENTITY", ServiceProcess.EMAIL);
    environment.put("PASSWORD", ServiceProcess.PASSWORD);
    environment.put("EXECUTE_PATH", service.home().resolve("functions").toString());
    ClientPackages.uv().ifPresent(uv -> environment.put("UV", uv.toString()));
    return environment;
  }

  /** Exit code and output of a whole run, both streams; fails when it takes too long. */
  Ended run(Map<String, String> environment) {
    try {
      var output = Files.createTempFile("client", ".log");
      try {
        var builder = new ProcessBuilder(packages.interpreter(), file.toString());
        builder.redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        var process = builder.start();
        process.getOutputStream().close();
        if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
          process.destroyForcibly().waitFor();
        }
        return new Ended(process.exitValue(), Files.readString(output));
      } finally {
        Files.delete(output);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  private static Stream<DynamicTest> tests(Ended ended) {
    var reports = ended.output().lines().flatMap(line -> report(line).stream()).toList();
    var steps = reports.stream().filter(line -> line.has("step")).toList();
    var whole =
        dynamicTest(
            "all steps were taken",
            () -> {
              assertThat(ended.code()).as(ended.output()).isZero();
              assertThat(steps).isNotEmpty();
              assertThat(reports.getLast().path("end").asInt()).isEqualTo(steps.size());
            });
    return Stream.concat(steps.stream().map(ClientProgram::test), Stream.of(whole));
  }

  private static DynamicTest test(JsonNode step) {
    return dynamicTest(
        step.path("step").asText(),
        () -> {
          assumeFalse(step.has("skipped"), step.path("skipped").asText());
          assertThat(step.path("ok").asBoolean()).as(step.path("detail").asText()).isTrue();
        });
  }

  private static List<JsonNode> report(String line) {
    if (!line.startsWith("{")) {
      return List.of();
    }
    try {
      return List.of(JSON.readTree(line));
    } catch (JsonProcessingException somethingElse) {
      return List.of();
    }
  }
}
