package dev.runnel.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runnel.execution.python.Python;
import dev.runnel.run.Invocation;
import dev.runnel.script.Language;
import dev.runnel.script.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Calls of python functions by processes that were started before there was the run. */
class CallStartTest {
  private static final String MARK = "WAITING_FOR";

  private final Interpreter ahead = new Python();
  private Stage stage;

  @TempDir private Path directory;

  /** The same without anything that was started ahead. */
  private static final class Plain implements Interpreter {
    private final Interpreter python = new Python();

    @Override
    public Command command(Invocation invocation, Workplace workplace) throws IOException {
      var command = python.command(invocation, workplace);
      return new Command(command.argv(), command.environment());
    }
  }

  @BeforeEach
  void open() throws Exception {
    var environment = new HashMap<String, String>();
    environment.put("PATH", Launches.PATH);
    environment.put("HOME", directory.toString());
    environment.put("LANG", "C.UTF-8");
    stage = new Stage(directory.resolve("stage"), environment, null);
  }

  @AfterEach
  void close() {
    stage.close();
    assertThat(waiting()).isEmpty();
  }

  private static Sample calling(String name, String body) {
    var text = "def main(*given):\n  import os, sys\n" + body.indent(2);
    return Sample.of(Language.PYTHON, "call", name, text).called("main");
  }

  static List<Sample> samples() {
    return List.of(
        calling("both streams", "print('out')\nsys.stderr.write('err')\nreturn 'end'"),
        calling("value", "return {'given': given, 'ü': None}").with("a b", "", "ü", "\n'x'"),
        calling(
            "input",
            "s = sys.stdin\n"
                + "return [s.read(), s.name, s.mode, s.encoding, s.errors, s.line_buffering,"
                + " s.seekable(), os.readlink('/proc/self/fd/0')]"),
        calling("code", "import atexit\natexit.register(print, 'bye')\nsys.exit(5)"),
        calling("traceback", "raise ValueError('boom')"),
        calling("signal", "os.kill(os.getpid(), 9)"),
        calling("values", "return sorted(os.environ.items())").where("OWN", "ü\n'x'"),
        calling(
            "values of programs",
            "import subprocess\n"
                + "return sorted(subprocess.check_output(['env', '-0'], text=True).split('\\0'))"),
        calling(
            "mark",
            "shown = open('/proc/self/environ').read().split('\\0')\n"
                + "return [v for v in shown if v.startswith('RUNNEL_RUN_ID=')]"),
        calling("session members", "import subprocess\nreturn subprocess.call('true')"),
        calling("cwd", "return [os.getcwd(), os.umask(0), sys.path]"),
        calling("argv", "return [sys.argv, sys.orig_argv[1:], list(sys.flags)]").with("x", "-c"),
        calling(
            "signals",
            "import signal\n"
                + "return [str(signal.getsignal(s)) for s in range(1, 32)]"
                + " + [str(signal.pthread_sigmask(signal.SIG_BLOCK, []))]"),
        calling("modules", "return sorted(sys.modules)"),
        calling(
            "depth",
            "frame, n = sys._getframe(), 0\nwhile frame: frame, n = frame.f_back, n + 1\nreturn n"),
        calling("descriptors", "return sorted(os.listdir('/proc/self/fd'))"),
        calling("session", "return [os.getsid(0) == os.getpid() == os.getpgid(0)]"),
        calling("threads", "import threading\nreturn [t.name for t in threading.enumerate()]"),
        calling(
                "limits",
                "import resource as r\n"
                    + "return [r.getrlimit(i) for i in range(16) if i != r.RLIMIT_NPROC]")
            .within(new Limits(77L, null, null, 99L, 12_345L)));
  }

  @ParameterizedTest
  @MethodSource("samples")
  void looks_the_same(Sample sample) throws Exception {
    var called = called(sample).observed();
    var plain = stage.run(new Plain(), sample.where(MARK, UUID.randomUUID().toString()));
    assertThat(called).isEqualTo(plain.observed());
  }

  @Test
  void whoWasKilledWhileItWaitedIsNotMissed() throws Exception {
    var sample = calling("killed", "return 1").where("KIND", "killed");
    called(sample);
    for (long pid : waiting()) {
      Native.kill(pid, Native.SIGKILL);
    }
    assertThat(stage.run(ahead, sample).out()).isEqualTo("1");
  }

  @Test
  void aChangeOfWhatIsInstalledIsSeen() throws Exception {
    var path = Files.createDirectory(directory.resolve("installed"));
    var sample =
        calling("installed", "return getattr(sys, 'installed', 'nothing')")
            .where("PYTHONPATH", path.toString());
    assertThat(called(sample).out()).isEqualTo("nothing");
    Files.writeString(path.resolve("sitecustomize.py"), "import sys\nsys.installed = 'more'\n");
    var run = called(sample);
    assertThat(run.out() + run.err()).isEqualTo("more");
  }

  @Test
  void whatIsSaidBeforeThereIsAJobIsSaidInEveryRun() throws Exception {
    var path = Files.createDirectory(directory.resolve("loud"));
    Files.writeString(path.resolve("sitecustomize.py"), "print('loud')\n");
    var sample = calling("loud", "return 1").where("PYTHONPATH", path.toString());
    for (var time = 0; time < 4; time++) {
      assertThat(stage.run(new Python(), sample).out()).isEqualTo("loud\n1");
    }
  }

  @Test
  void theWorkingDirectoryMayHaveBeenMadeAnew() throws Exception {
    var sample = calling("moved", "return os.getcwd()").where(MARK, "moved");
    stage.run(ahead, sample);
    stage.run(ahead, sample);
    await().until(() -> !waitingFor("moved").isEmpty());
    Files.move(stage.executePath(), stage.executePath().resolveSibling("former"));
    assertThat(stage.run(ahead, sample).out()).isEqualTo(stage.executePath().toString());
  }

  @Test
  void whatCannotBePreparedAheadIsStartedAnew() throws Exception {
    var path = directory.resolve("no-such/site-packages").toString();
    var text = Files.createDirectory(directory.resolve("text"));
    Files.writeString(text.resolve("sitecustomize.py"), "import os\nos.listdir = None\n");
    var both = path + ":" + text;
    var sample = calling("path", "return sys.path[1:3]").where("PYTHONPATH", both);
    assertThat(called(sample).out()).isEqualTo("[\"" + path + "\",\"" + text + "\"]");
  }

  @Test
  void aProcessThatStartedSomethingBeforeItsJobIsNotUsed() throws Exception {
    var path = Files.createDirectory(directory.resolve("busy"));
    Files.writeString(
        path.resolve("sitecustomize.py"),
        """
        from subprocess import DEVNULL, Popen
        Popen(['sleep', '60'], stdout=DEVNULL, stderr=DEVNULL)
        """);
    var sample = calling("busy", "return 1").where("PYTHONPATH", path.toString());
    for (var time = 0; time < 4; time++) {
      assertThat(stage.run(ahead, sample).out()).isEqualTo("1");
    }
  }

  @Test
  void manyArgumentsAreLeftToAStartOfTheirOwn() throws Exception {
    var sample = calling("many", "return len(''.join(given))").where("KIND", "many");
    called(sample);
    assertThat(stage.run(ahead, sample.with("x".repeat(100_000))).out()).isEqualTo("100000");
    assertThat(called(sample.with("ü".repeat(10_000))).out()).isEqualTo("10000");
  }

  @Test
  void whatALimitOfOneRunCutOffIsMadeAnew() throws Exception {
    var sample = calling("long", "x = 1\n".repeat(2_000) + "return x");
    var plain = new Plain();
    called(calling("first", "return 0"));
    var small = new Limits(null, null, null, null, 100L);
    assertThat(stage.run(plain, sample.within(small)).out()).isEqualTo("1");
    assertThat(stage.run(plain, sample).out()).isEqualTo("1");
    assertThat(called(sample).out()).isEqualTo("1");
  }

  @Test
  void aDaemonThatItForksIsEndedWithTheRun() throws Exception {
    var sample =
        calling(
            "daemon",
            """
            r, w = os.pipe()
            if os.fork():
              os.close(w)
              return os.read(r, 99).decode()
            os.setsid()
            if os.fork(): os._exit(0)
            os.write(w, str(os.getpid()).encode())
            for i in range(3): os.close(i)
            os.close(w)
            import time
            time.sleep(60)\
            """);
    long pid = Long.parseLong(called(sample).out());
    assertThat(Proc.stat(pid).filter(ProcessStat::isAlive)).isEmpty();
  }

  /** Runs it by a process that has waited. */
  private Stage.Seen called(Sample sample) throws Exception {
    var mark = UUID.randomUUID().toString();
    var marked = sample.where(MARK, mark);
    stage.run(ahead, marked);
    stage.run(ahead, marked);
    await().until(() -> !waitingFor(mark).isEmpty());
    var before = waitingFor(mark);
    var seen = stage.run(ahead, marked);
    assertThat(before).as("one of them was used").anyMatch(pid -> !waitingFor(mark).contains(pid));
    return seen;
  }

  private static Set<Long> waitingFor(String mark) {
    return waiting().stream()
        .filter(pid -> mark.equals(Proc.variable(pid, MARK)))
        .collect(Collectors.toSet());
  }

  private static Set<Long> waiting() {
    return ProcessHandle.current()
        .children()
        .filter(child -> child.info().commandLine().orElse("").endsWith("call_mode.py wait"))
        .map(ProcessHandle::pid)
        .collect(Collectors.toSet());
  }
}
