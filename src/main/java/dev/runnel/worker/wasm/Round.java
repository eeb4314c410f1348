package dev.runnel.worker.wasm;

import com.dylibso.chicory.runtime.ChicoryInterruptedException;
import com.dylibso.chicory.runtime.TrapException;
import com.dylibso.chicory.runtime.WasmRuntimeException;
import com.dylibso.chicory.wasi.WasiExitException;
import com.dylibso.chicory.wasm.ChicoryException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One order from its beginning to its end, on a thread of its own that others can give up. */
final class Round {
  /** As after SIGABRT: the module was ended in the middle. */
  private static final int ABORTED = 134;

  private static final int KILLED = 137;
  private static final int FAILED = 1;
  private static final long STACK = 16 << 20;
  private static final long LOOK_MILLIS = 25;

  /** What a module that was interrupted takes to notice it. */
  private static final long NOTICE_MILLIS = 250;

  private final Order order;
  private final Modules modules;
  private final Speaker speaker;
  private final long largestModule;
  private volatile @Nullable CpuClock clock;
  private volatile Word.@Nullable Ended end;

  /**
   * @param largestModule the most bytes that a module's file may have
   */
  Round(Order order, Modules modules, Speaker speaker, long largestModule) {
    this.order = order;
    this.modules = modules;
    this.speaker = speaker;
    this.largestModule = largestModule;
  }

  /** Blocks until the module has ended or is given up; then the answer says that it is worn. */
  Word.Ended play() throws IOException, InterruptedException {
    var began = System.nanoTime();
    CommandLine options;
    try {
      options = CommandLine.of(order);
    } catch (Refused refused) {
      speaker.complain("wasm: " + refused.getMessage());
      return new Word.Ended(FAILED, 0, Word.Limit.NONE, false);
    }
    var thread =
        Thread.ofPlatform().daemon().name("module").stackSize(STACK).unstarted(() -> run(options));
    thread.start();
    var timeLimit = TimeUnit.MILLISECONDS.toNanos(options.timeLimitMillis());
    while (!thread.join(pause(began, timeLimit))) {
      var cpu = order.cpuMillis() > 0 ? cpuNanos() : CpuClock.UNKNOWN;
      if (cpu >= TimeUnit.MILLISECONDS.toNanos(Math.max(1, order.cpuMillis()))) {
        thread.interrupt();
        return new Word.Ended(KILLED, cpu, Word.Limit.CPU, true);
      }
      if (timeLimit > 0 && System.nanoTime() - began >= timeLimit) {
        return outOfTime(thread, options);
      }
    }
    var ended = end;
    return ended == null ? new Word.Ended(ABORTED, 0, Word.Limit.NONE, true) : ended;
  }

  /** How long to wait before the next look at the limits. */
  private Duration pause(long began, long timeLimit) {
    var look = order.cpuMillis() > 0 ? TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS) : Long.MAX_VALUE;
    var left =
        timeLimit > 0 ? Math.max(1, timeLimit - (System.nanoTime() - began)) : Long.MAX_VALUE;
    return Duration.ofNanos(Math.min(look, left));
  }

  private Word.Ended outOfTime(Thread thread, CommandLine options)
      throws IOException, InterruptedException {
    var cpu = cpuNanos();
    thread.interrupt();
    var stopped = thread.join(Duration.ofMillis(NOTICE_MILLIS));
    speaker.complain(
        "wasm: ended by --time-limit after %d ms".formatted(options.timeLimitMillis()));
    return new Word.Ended(ABORTED, cpu, Word.Limit.NONE, !stopped);
  }

  private long cpuNanos() {
    var known = clock;
    return known == null ? CpuClock.UNKNOWN : known.nanos();
  }

  private void run(CommandLine options) {
    var cpu = CpuClock.ofThisThread();
    clock = cpu;
    var code = 0;
    var limit = Word.Limit.NONE;
    var worn = false;
    try {
      var file = Path.of(order.directory()).resolve(order.wasm());
      var compiled = modules.of(file, largestModule);
      new Guest(compiled, options, file, order.params(), speaker).run();
    } catch (WasiExitException exit) {
      code = exit.exitCode() & 0xff;
    } catch (Refused refused) {
      code = complain(FAILED, refused.getMessage());
    } catch (ChicoryInterruptedException interrupted) {
      code = ABORTED; // whoever interrupted says why
    } catch (TrapException | WasmRuntimeException trap) {
      code = complain(ABORTED, order.wasm() + " trapped: " + reason(trap));
    } catch (ChicoryException failure) {
      worn = failure.getCause() instanceof StackOverflowError;
      var how = worn ? " trapped: " : " failed: ";
      code = complain(ABORTED, order.wasm() + how + reason(failure));
    } catch (OutOfMemoryError full) {
      worn = true;
      limit = Word.Limit.MEMORY;
      code = KILLED;
    } catch (IOException | RuntimeException | Error unexpected) {
      worn = true;
      code = complain(ABORTED, order.wasm() + " failed: " + unexpected);
    }
    end = new Word.Ended(code, cpu.nanos(), limit, worn);
  }

  private static String reason(Throwable failure) {
    var message = String.valueOf(failure.getMessage());
    return message.contains("unreachable") ? "unreachable executed" : message;
  }

  private int complain(int code, @Nullable String message) {
    try {
      speaker.complain("wasm: " + message);
    } catch (IOException gone) {
      // The service has gone; so will this process.
      return code;
    }
    return code;
  }
}
