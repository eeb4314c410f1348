package dev.runnel.cli;

import dev.runnel.bus.Runs;
import dev.runnel.run.Door;
import dev.runnel.run.Meta;
import dev.runnel.run.Output;
import dev.runnel.run.Run;
import dev.runnel.run.RunEvent;
import dev.runnel.run.RunRequest;
import dev.runnel.run.ScriptStamp;
import dev.runnel.script.CodeIdentifier;
import dev.runnel.script.Language;
import dev.runnel.script.Limits;
import dev.runnel.script.Runner;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code runnel run FILE [ARGS...]}: one file through the whole engine. */
@Command(
    name = "run",
    description =
        "Runs a script file through the engine, streams its output and exits with its exit code."
            + " Its extension says the language: .sh .bash, .js .mjs .cjs, else python.",
    mixinStandardHelpOptions = true)
final class RunFileCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration LONGEST_END = Duration.ofSeconds(20);
  private static final int INTERRUPTED = 130;
  private static final int PAGE_BYTES = 1024 * 1024;

  @Mixin OptionSources sources = new OptionSources();

  @Parameters(index = "0", paramLabel = "FILE", description = "The script.")
  Path file = Path.of("");

  @Parameters(index = "1..*", paramLabel = "ARGS", description = "Its arguments.")
  List<String> args = List.of();

  @Spec CommandSpec spec = CommandSpec.create();

  private final CountDownLatch finished = new CountDownLatch(1);

  @Override
  public Integer call() throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new ParameterException(spec.commandLine(), "There is no file " + file);
    }
    var text = Files.readString(file);
    var options = sources.load();
    try (var core = Core.withEngine(options, false)) {
      var runs = Runs.over(core.bus());
      var run = Core.await(runs.submit(request(text, options.execution().asyncTimeout())));
      Runtime.getRuntime()
          .addShutdownHook(new Thread(() -> cancelOnSignal(runs, run.id()), "interrupted"));
      follow(runs, run.id());
      return exitCode(Core.await(runs.get(run.id())));
    } finally {
      finished.countDown();
    }
  }

  /** Before the run has ended the JVM only stops for a signal: the run ends first. */
  private void cancelOnSignal(Runs runs, UUID run) {
    if (finished.getCount() == 0) {
      return;
    }
    runs.cancel(run);
    try {
      if (finished.await(LONGEST_END.toSeconds(), TimeUnit.SECONDS)) {
        Runtime.getRuntime().halt(INTERRUPTED);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private RunRequest request(String text, Duration timeout) {
    var name = String.valueOf(file.getFileName());
    var stamp =
        new ScriptStamp(
            name,
            CodeIdentifier.derived(name),
            Language.ofFileName(name),
            Runner.HOST,
            0,
            RunRequest.sha256(text));
    var meta =
        new Meta(
            "commandLine",
            System.getProperty("user.name"),
            Door.COMMAND_LINE.wire(),
            null,
            null,
            null);
    return RunRequest.adHoc(
        stamp, text, args, List.of(), "", timeout, Limits.DEFAULT, Door.COMMAND_LINE, meta);
  }

  private static void follow(Runs runs, UUID run) throws IOException {
    try (var stdout = new FileOutputStream(FileDescriptor.out);
        var stderr = new FileOutputStream(FileDescriptor.err)) {
      long since = 0;
      while (true) {
        var page = Core.await(runs.eventsAfter(run, since, PAGE_BYTES, PATIENCE));
        for (var event : page.events()) {
          since = event.seq();
          if (event instanceof RunEvent.Log log) {
            OutputStream stream = log.output() == Output.STDOUT ? stdout : stderr;
            stream.write(log.bytes());
          }
        }
        if (page.ended()) {
          return;
        }
      }
    }
  }

  /** The script's own exit code; 1 where it has none, with the reason on standard error. */
  private static int exitCode(Run run) {
    var outcome = run.outcome();
    return outcome == null || outcome.exitCode() == null ? 1 : outcome.exitCode();
  }
}
