package dev.runnel.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a JVM has learnt of the service's classes at an earlier start: loading them is most of a
 * start, and tests start the service about a hundred times.
 */
final class ClassArchive {
  private static final Path CLASSES = Path.of("target", "classes").toAbsolutePath();
  private static final Path FOLDER = Path.of("target", "class-archive").toAbsolutePath();
  private static final Path JAR = FOLDER.resolve("classes.jar");
  private static final Path ARCHIVE = FOLDER.resolve("classes.jsa");

  /** Made once for each build, also for later test runs. */
  private static final class Made {
    static final List<String> OPTIONS = make();
  }

  private ClassArchive() {}

  /** Options of a JVM for the service: its class path and the archive. */
  static List<String> options() {
    return Made.OPTIONS;
  }

  private static List<String> make() {
    try {
      Files.createDirectories(FOLDER);
      // Test JVMs side by side share it; the first one makes it.
      try (var file =
              FileChannel.open(
                  FOLDER.resolve("made.lock"),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE);
          var _ = file.lock()) {
        if (!Files.exists(ARCHIVE) || newest() > Files.getLastModifiedTime(JAR).toMillis()) {
          learn();
        }
      }
      return options("-XX:SharedArchiveFile=" + ARCHIVE);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  private static long newest() throws IOException {
    try (var files = Files.walk(CLASSES)) {
      return files.mapToLong(file -> file.toFile().lastModified()).max().orElseThrow();
    }
  }

  private static void learn() throws IOException, InterruptedException {
    Files.deleteIfExists(ARCHIVE);
    var jar = ToolProvider.findFirst("jar").orElseThrow();
    var made = jar.run(System.out, System.err, "cf", JAR.toString(), "-C", CLASSES.toString(), ".");
    assertThat(made).isZero();
    var learnt = FOLDER.resolve("learnt.jsa");
    var home = Files.createTempDirectory(FOLDER, "home");
    var jvm = options("-XX:ArchiveClassesAtExit=" + learnt);
    try (var service = ServiceProcess.startWithOwner(home, Map.of(), jvm)) {
      var client = service.client();
      client.ended(client.run(client.create("any", "bash", "echo any", Map.of())));
      service.signal("TERM");
      assertThat(service.awaitExit()).isZero();
    }
    Files.move(learnt, ARCHIVE, StandardCopyOption.ATOMIC_MOVE);
  }

  private static List<String> options(String archive) {
    return List.of(archive, "-Xlog:cds=off", "-Xlog:aot=off", "-classpath", classPath());
  }

  /** No directories, which an archive cannot refer to, and so nothing of the tests' own. */
  private static String classPath() {
    // Surefire may hand its class path over in a manifest.
    var path =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return Stream.concat(
            Stream.of(JAR.toString()),
            Stream.of(path.split(File.pathSeparator, -1)).filter(entry -> entry.endsWith(".jar")))
        .collect(Collectors.joining(File.pathSeparator));
  }
}
