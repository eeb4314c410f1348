package dev.runnel.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.runnel.config.Options;
import dev.runnel.problem.Problem;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files on their way to {@code EXECUTE_PATH}. */
class UploadTest {
  private static final Vertx VERTX = Vertx.vertx();

  @TempDir Path home;

  @AfterAll
  static void stop() {
    VERTX.close().await();
  }

  private Path root() {
    return home.resolve("functions");
  }

  private Uploads uploads(Map<String, String> more) {
    return uploads(more, () -> {});
  }

  private Uploads uploads(Map<String, String> more, Runnable settled) {
    var set = new HashMap<>(Map.of("execution.path", root().toString()));
    set.put("data.dir", root().resolve("data").toString());
    set.putAll(more);
    return Uploads.open(VERTX, Options.load(home, null, Map.of(), set), "node", settled);
  }

  private static Path store(Uploads uploads, String path, String text) throws IOException {
    try (var upload = uploads.begin()) {
      upload.write(text.getBytes(UTF_8), 0, text.getBytes(UTF_8).length);
      return upload.storeAs(UploadPath.of(path));
    }
  }

  private List<String> names() throws IOException {
    try (var files = Files.list(root())) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aFileIsThereWholeWithItsDirectoriesAndTheirModes() throws Exception {
    var file = store(uploads(Map.of()), "a/b/x.sh", "#!/bin/sh\necho hi\n");

    assertThat(file).isEqualTo(root().resolve("a/b/x.sh")).hasContent("#!/bin/sh\necho hi\n");
    for (var made : List.of(file, file.getParent(), root().resolve("a"))) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
          .isEqualTo("rwxr-xr-x");
    }
    assertThat(names()).containsExactly("a");
  }

  @Test
  void aFileAppearsOnlyWhenNoProcessCanHaveItOpenForWritingAnyMore() throws Exception {
    var seen = new ArrayList<List<String>>();
    var uploads =
        uploads(
            Map.of(),
            () -> {
              try {
                seen.add(names());
              } catch (IOException unreadable) {
                throw new UncheckedIOException(unreadable);
              }
            });

    store(uploads, "x.sh", "#!/bin/sh\n");

    assertThat(seen).hasSize(1);
    assertThat(seen.getFirst()).isNotEmpty().doesNotContain("x.sh");
    assertThat(names()).containsExactly("x.sh");
  }

  @Test
  void theModeOfTheOldFileDoesNotMatterAndItIsNeverWrittenTo() throws Exception {
    Files.createDirectories(root());
    var outside = Files.writeString(home.resolve("outside"), "mine");
    var link = Files.createSymbolicLink(root().resolve("link"), outside);
    Files.createSymbolicLink(root().resolve("dangling"), home.resolve("nothing"));
    var old = Files.writeString(root().resolve("old"), "old");
    Files.createLink(root().resolve("other-name"), old);
    Files.setPosixFilePermissions(old, PosixFilePermissions.fromString("r--------"));

    for (var name : List.of("link", "dangling", "old")) {
      store(uploads(Map.of()), name, "new");
      assertThat(Files.isRegularFile(root().resolve(name), LinkOption.NOFOLLOW_LINKS)).isTrue();
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root().resolve(name))))
          .isEqualTo("rwxr-xr-x");
    }
    assertThat(link).hasContent("new");
    assertThat(outside).hasContent("mine");
    assertThat(home.resolve("nothing")).doesNotExist();
    assertThat(root().resolve("other-name")).hasContent("old");
  }

  @Test
  void linksAmongTheParentsMayLeadAnywhereBelowTheRootAndNowhereElse() throws Exception {
    Files.createDirectories(root().resolve("real/inner"));
    Files.createDirectories(home.resolve("elsewhere"));
    Files.createSymbolicLink(root().resolve("inside"), Path.of("real"));
    Files.createSymbolicLink(root().resolve("up"), Path.of(".."));
    Files.createSymbolicLink(root().resolve("self"), Path.of("."));
    Files.createSymbolicLink(root().resolve("out"), home.resolve("elsewhere"));
    Files.createSymbolicLink(root().resolve("real/out"), home.resolve("elsewhere"));
    Files.createSymbolicLink(root().resolve("dead"), Path.of("nothing"));
    Files.createSymbolicLink(root().resolve("loop"), Path.of("loop"));
    var uploads = uploads(Map.of());

    assertThat(store(uploads, "inside/inner/x", "1")).hasContent("1");
    assertThat(root().resolve("real/inner/x")).hasContent("1");
    store(uploads, "inside/new/x", "2");
    assertThat(root().resolve("real/new/x")).hasContent("2");
    store(uploads, "self/self/y", "3");
    assertThat(root().resolve("y")).hasContent("3");
    for (var path :
        List.of(
            "out/x", "out/new/x", "up/x", "up/elsewhere/x", "inside/out/x", "dead/x", "loop/x")) {
      assertThatThrownBy(() -> store(uploads, path, "!"))
          .as(path)
          .isInstanceOf(Problem.Invalid.class);
    }
    try (var elsewhere = Files.list(home.resolve("elsewhere"))) {
      assertThat(elsewhere).isEmpty();
    }
    assertThat(home.resolve("x")).doesNotExist();
    assertThat(names()).noneMatch(name -> name.startsWith(".upload"));
  }

  @Test
  void whatIsTheServicesOwnIsNotReplaced() throws Exception {
    Files.createDirectories(root().resolve("data"));
    Files.createSymbolicLink(root().resolve("alias"), Path.of("data"));
    var uploads = uploads(Map.of());
    for (var path :
        List.of("data/node.id", "data/a/b", "alias/x", ".upload-node-1/x", ".upload-x")) {
      assertThatThrownBy(() -> store(uploads, path, "!"))
          .as(path)
          .isInstanceOf(Problem.Invalid.class);
    }
    assertThatThrownBy(() -> store(uploads, "data", "!")).isInstanceOf(Problem.Invalid.class);
  }

  @Test
  void whatCannotBeStoredLeavesNothing() throws Exception {
    Files.createDirectories(root().resolve("directory/full"));
    Files.writeString(root().resolve("file"), "old");
    var uploads = uploads(Map.of());

    assertThatThrownBy(() -> store(uploads, "directory", "!"))
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(CannotPrepare.class);
    assertThatThrownBy(() -> store(uploads, "file/x", "!")).isInstanceOf(CannotPrepare.class);
    uploads.begin().close();

    assertThat(names()).containsExactly("directory", "file");
    assertThat(root().resolve("file")).hasContent("old");
  }

  @Test
  void aPipeAmongTheParentsHoldsNobodyUp() throws Exception {
    Files.createDirectories(root());
    assertThat(new ProcessBuilder("mkfifo", root() + "/pipe").start().waitFor()).isZero();
    assertThatThrownBy(() -> store(uploads(Map.of()), "pipe/x", "!"))
        .isInstanceOf(CannotPrepare.class);
    store(uploads(Map.of()), "pipe", "now a file");
    assertThat(root().resolve("pipe")).hasContent("now a file");
  }

  @Test
  void aStartRemovesWhatThisNodeLeftAndNothingElse() throws Exception {
    uploads(Map.of()).begin().write(new byte[] {1}, 0, 1); // and then the service is killed
    var others = Files.createDirectories(root().resolve(".upload-other-1"));
    Files.writeString(others.resolve("content"), "x");
    Files.createSymbolicLink(root().resolve(".upload-elsewhere"), home);
    assertThat(names()).hasSize(3);

    uploads(Map.of());

    assertThat(names()).containsExactly(".upload-elsewhere", ".upload-other-1");
    assertThat(others.resolve("content")).exists();
  }

  @Test
  void aReaderSeesOneWholeFileAndARunnerIsNotDisturbed() throws Exception {
    var uploads = uploads(Map.of());
    var texts = List.of("a".repeat(300_000), "b".repeat(200_000));
    var file = store(uploads, "data.txt", texts.getFirst());
    var program = store(uploads, "wait.sh", "#!/bin/sh\nread line\necho old\n");
    var runner = new ProcessBuilder(program.toString()).start();
    var torn = new AtomicBoolean();
    var stop = new AtomicBoolean();
    try (var readers = Executors.newVirtualThreadPerTaskExecutor()) {
      var reader =
          readers.submit(() -> {
            while (!stop.get()) {
              if (!texts.contains(Files.readString(file))) {
                torn.set(true);
              }
            }
            return null;
          });
      for (int i = 0; i < 50; i++) {
        store(uploads, "data.txt", texts.get(i % 2));
      }
      store(uploads, "wait.sh", "#!/bin/sh\necho new\n");
      stop.set(true);
      reader.get();
    }
    assertThat(torn).isFalse();
    try (var in = runner.getOutputStream()) {
      in.write('\n');
    }
    assertThat(new String(runner.getInputStream().readAllBytes(), UTF_8)).isEqualTo("old\n");
    var fresh = new ProcessBuilder(program.toString()).start();
    assertThat(new String(fresh.getInputStream().readAllBytes(), UTF_8)).isEqualTo("new\n");
  }

  @Test
  void aProgramThatRunsIsReplaced() throws Exception {
    var uploads = uploads(Map.of());
    var sleep = HexFormat.of().formatHex(Files.readAllBytes(Path.of("/bin/sleep")));
    var file = root().resolve("bin/program");
    for (int round = 0; round < 2; round++) {
      try (var upload = uploads.begin()) {
        var bytes = HexFormat.of().parseHex(sleep);
        upload.write(bytes, 0, bytes.length);
        assertThat(upload.storeAs(UploadPath.of("bin/program"))).isEqualTo(file);
      }
      var running = new ProcessBuilder(file.toString(), "30").start();
      assertThat(running.isAlive()).isTrue();
      store(uploads, "bin/program", "#!/bin/sh\nexit 7\n");
      assertThat(running.isAlive()).isTrue();
      running.destroyForcibly().waitFor();
      assertThat(new ProcessBuilder(file.toString()).start().waitFor()).isEqualTo(7);
    }
  }

  @Test
  void manyAtOnceMakeTheSameDirectoriesAndAllArrive() throws Exception {
    var uploads = uploads(Map.of());
    var begin = new CountDownLatch(1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var all = new ArrayList<Future<Path>>();
      for (int i = 0; i < 40; i++) {
        var name = "a/" + i % 4 + "/c/" + i;
        all.add(
            threads.submit(() -> {
              begin.await();
              return store(uploads, name, name);
            }));
      }
      begin.countDown();
      for (var one : all) {
        var file = one.get();
        assertThat(file).hasContent(root().relativize(file).toString());
      }
    }
    assertThat(names()).containsExactly("a");
  }

  /** A script that keeps exchanging a parent for a link that leads out. */
  @Test
  void aParentThatBecomesALinkMeanwhileLeadsNobodyOut() throws Exception {
    var uploads = uploads(Map.of());
    var elsewhere = Files.createDirectories(home.resolve("elsewhere"));
    var graves = Files.createDirectories(root().resolve("graves"));
    var swapped = root().resolve("swapped");
    var stop = new AtomicBoolean();
    var refused = 0;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var swapper =
          threads.submit(() -> {
            for (int i = 0; !stop.get(); i++) {
              try {
                if (i % 2 == 0) {
                  Files.createSymbolicLink(swapped, elsewhere);
                } else {
                  Files.createDirectory(swapped);
                }
                Files.move(swapped, graves.resolve("" + i));
              } catch (FileSystemException theUploadWasFaster) {
                Files.move(swapped, graves.resolve("" + i));
              }
            }
            return null;
          });
      for (int i = 0; i < 300 && (i < 50 || refused < 10); i++) {
        try {
          store(uploads, "swapped/x" + i, "!");
        } catch (IOException | Problem.Invalid raced) {
          refused++;
        }
      }
      assertThat(swapper.isDone()).isFalse();
      stop.set(true);
    }
    assertThat(refused).isPositive();
    try (var leaked = Files.list(elsewhere)) {
      assertThat(leaked).isEmpty();
    }
    assertThat(names()).noneMatch(name -> name.startsWith(".upload"));
  }

  @Test
  void theUserThatScriptsRunAsOwnsWhatIsMade() throws Exception {
    assumeTrue(
        Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0),
        "giving files away takes root");
    var file =
        store(
            uploads(
                Map.of("execution.runAs", "nobody", "data.dir", home.resolve("data").toString())),
            "a/x",
            "1");
    for (var made : List.of(root(), root().resolve("a"), file)) {
      assertThat(Files.getOwner(made).getName()).as(made.toString()).isEqualTo("nobody");
    }
  }
}
