package dev.runnel.execution;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The service's only native calls: the C library through the JDK's own linker, for Linux on x86_64
 * and aarch64. A result below zero is a negated error number of {@link Errno}.
 *
 * <p>Every call but {@link #spawn} and {@link #awaitEvents} returns at once. Those two hold their
 * thread for as long as they last, so neither may be made on a virtual thread.
 */
final class Native {
  static final int SIGKILL = 9;
  static final int SIGTERM = 15;
  static final int SIGCONT = 18;
  static final int SIGSTOP = 19;

  static final int RLIMIT_CPU = 0;
  static final int RLIMIT_FSIZE = 1;
  static final int RLIMIT_CORE = 4;
  static final int RLIMIT_NPROC = 6;
  static final int RLIMIT_NOFILE = 7;

  static final int EPOLLIN = 1;
  static final int EPOLLOUT = 4;
  static final int EPOLL_CTL_ADD = 1;
  static final int EPOLL_CTL_DEL = 2;

  private static final int O_CLOEXEC = 0x80000;
  private static final int O_NONBLOCK = 0x800;
  private static final int F_SETFL = 4;
  private static final int WNOHANG = 1;
  private static final int PR_SET_DUMPABLE = 4;
  private static final int PR_SET_CHILD_SUBREAPER = 36;
  private static final int SC_PAGESIZE = 30;
  private static final long SYS_PIDFD_SEND_SIGNAL = 424;
  private static final long SYS_PIDFD_OPEN = 434;
  private static final short SETSIGDEF = 0x04;
  private static final short SETSIGMASK = 0x08;
  private static final short SETSID = 0x80;

  /** At least the size of glibc's and musl's spawn attributes, file actions and signal sets. */
  private static final long OPAQUE = 512;

  private static final long RUSAGE_SIZE = 272;
  private static final long RUSAGE_MAXRSS = 32;

  /** struct epoll_event is packed on x86_64 and on no other machine. */
  private static final boolean PACKED = System.getProperty("os.arch", "").equals("amd64");

  private static final long EVENT_SIZE = PACKED ? 12 : 16;
  private static final long EVENT_TOKEN = PACKED ? 4 : 8;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private static final MethodHandle PIPE2 = number("pipe2", JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle CLOSE = number("close", JAVA_INT, JAVA_INT);
  private static final MethodHandle KILL = number("kill", JAVA_INT, JAVA_INT, JAVA_INT);
  private static final MethodHandle EPOLL_CREATE1 = number("epoll_create1", JAVA_INT, JAVA_INT);
  private static final MethodHandle EVENTFD = number("eventfd", JAVA_INT, JAVA_INT, JAVA_INT);
  private static final MethodHandle SYSCONF = number("sysconf", JAVA_LONG, JAVA_INT);
  private static final MethodHandle READ = number("read", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
  private static final MethodHandle WRITE =
      number("write", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
  private static final MethodHandle EPOLL_CTL =
      number("epoll_ctl", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS);
  private static final MethodHandle EPOLL_WAIT =
      number("epoll_wait", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
  private static final MethodHandle PRLIMIT =
      number("prlimit", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);
  private static final MethodHandle GETRUSAGE = number("getrusage", JAVA_INT, JAVA_INT, ADDRESS);
  private static final MethodHandle WAIT4 =
      number("wait4", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS);
  private static final MethodHandle OPEN = variadic("open", 2, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle FCNTL =
      variadic("fcntl", 2, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
  private static final MethodHandle PRCTL =
      variadic("prctl", 1, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle SYSCALL =
      variadic("syscall", 1, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

  private static final MethodHandle SPAWN =
      plain("posix_spawn", ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
  private static final MethodHandle ATTR_INIT = plain("posix_spawnattr_init", ADDRESS);
  private static final MethodHandle ATTR_DESTROY = plain("posix_spawnattr_destroy", ADDRESS);
  private static final MethodHandle ATTR_FLAGS =
      plain("posix_spawnattr_setflags", ADDRESS, JAVA_SHORT);
  private static final MethodHandle ATTR_DEFAULT =
      plain("posix_spawnattr_setsigdefault", ADDRESS, ADDRESS);
  private static final MethodHandle ATTR_MASK =
      plain("posix_spawnattr_setsigmask", ADDRESS, ADDRESS);
  private static final MethodHandle ACTIONS_INIT = plain("posix_spawn_file_actions_init", ADDRESS);
  private static final MethodHandle ACTIONS_DESTROY =
      plain("posix_spawn_file_actions_destroy", ADDRESS);
  private static final MethodHandle ACTIONS_DUP2 =
      plain("posix_spawn_file_actions_adddup2", ADDRESS, JAVA_INT, JAVA_INT);
  private static final @Nullable MethodHandle ACTIONS_CHDIR =
      ifPresent("posix_spawn_file_actions_addchdir_np", ADDRESS, ADDRESS);
  private static final @Nullable MethodHandle ACTIONS_CLOSEFROM =
      ifPresent("posix_spawn_file_actions_addclosefrom_np", ADDRESS, JAVA_INT);

  /** How the JDK turns file names into bytes. */
  private static final Charset FILE_NAMES =
      Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

  private Native() {}

  /** Why processes cannot be started by native calls on this host; empty where they can. */
  static Optional<String> unsupported() {
    if (ACTIONS_CLOSEFROM == null || ACTIONS_CHDIR == null) {
      return Optional.of(
          "the C library has no posix_spawn_file_actions_addclosefrom_np (glibc has it from 2.34"
              + " on, musl not at all)");
    }
    int self = pidfd(ProcessHandle.current().pid());
    if (self < 0) {
      return Optional.of("the kernel has no pidfd_open (Linux has it from 5.3 on)");
    }
    close(self);
    return Optional.empty();
  }

  /**
   * Starts a program as leader of a new session, with the given descriptors as 0, 1, 2 and so on
   * and no other, no signal blocked and every signal at its default.
   *
   * @param program its path, absolute or below the working directory
   * @param descriptors none of them below the number it will have there
   * @return its pid
   */
  static long spawn(
      String program,
      List<String> argv,
      Map<String, String> environment,
      String workingDirectory,
      int... descriptors) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment attributes = arena.allocate(OPAQUE, 16);
      MemorySegment actions = arena.allocate(OPAQUE, 16);
      MemorySegment signals = arena.allocate(OPAQUE, 16);
      MemorySegment pid = arena.allocate(JAVA_INT);
      check((int) ATTR_INIT.invokeExact(attributes));
      check((int) ACTIONS_INIT.invokeExact(actions));
      try {
        check((int) ATTR_MASK.invokeExact(attributes, signals));
        // Every bit: sigfillset(3) leaves out two signals, which glibc would have ignored then.
        check((int) ATTR_DEFAULT.invokeExact(attributes, signals.fill((byte) 0xff)));
        check((int) ATTR_FLAGS.invokeExact(attributes, (short) (SETSIGDEF | SETSIGMASK | SETSID)));
        for (int number = 0; number < descriptors.length; number++) {
          check((int) ACTIONS_DUP2.invokeExact(actions, descriptors[number], number));
        }
        check((int) ACTIONS_CLOSEFROM.invokeExact(actions, descriptors.length));
        var directory = arena.allocateFrom(workingDirectory, FILE_NAMES);
        check((int) ACTIONS_CHDIR.invokeExact(actions, directory));
        int error =
            (int)
                SPAWN.invokeExact(
                    pid,
                    arena.allocateFrom(program, StandardCharsets.UTF_8),
                    actions,
                    attributes,
                    strings(arena, argv),
                    strings(
                        arena,
                        environment.entrySet().stream()
                            .map(e -> e.getKey() + "=" + e.getValue())
                            .toList()));
        return error == 0 ? pid.get(JAVA_INT, 0) : -error;
      } finally {
        check((int) ACTIONS_DESTROY.invokeExact(actions));
        check((int) ATTR_DESTROY.invokeExact(attributes));
      }
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /** Makes this process the parent of every descendant whose own parent ends. */
  static int becomeSubreaper() {
    return prctl(PR_SET_CHILD_SUBREAPER, 1);
  }

  /** Closes this process's environment and memory to other processes of its user. */
  static int becomeNonDumpable() {
    return prctl(PR_SET_DUMPABLE, 0);
  }

  private static int prctl(int operation, long value) {
    return call((arena, state) -> (int) PRCTL.invokeExact(state, operation, value, 0L, 0L, 0L));
  }

  /** Bytes of a page of memory. */
  static long pageSize() {
    return callLong((arena, state) -> (long) SYSCONF.invokeExact(state, SC_PAGESIZE));
  }

  /** Opens a pipe; both ends close on exec. The reading end comes first in {@code ends}. */
  static int pipe(int[] ends) {
    return call((arena, state) -> {
      MemorySegment pair = arena.allocate(JAVA_INT, 2);
      int result = (int) PIPE2.invokeExact(state, pair, O_CLOEXEC);
      ends[0] = pair.getAtIndex(JAVA_INT, 0);
      ends[1] = pair.getAtIndex(JAVA_INT, 1);
      return result;
    });
  }

  /** Makes reads and writes through this descriptor return at once; other ends stay as they are. */
  static int setNonBlocking(int descriptor) {
    return call((arena, state) -> (int) FCNTL.invokeExact(state, descriptor, F_SETFL, O_NONBLOCK));
  }

  /** Opens {@code /dev/null} for reading; closes on exec. */
  static int openNull() {
    return call((arena, state) ->
        (int) OPEN.invokeExact(state, arena.allocateFrom("/dev/null"), O_CLOEXEC));
  }

  static int close(int descriptor) {
    return call((arena, state) -> (int) CLOSE.invokeExact(state, descriptor));
  }

  /** Reads what is there; 0 is the end. */
  static long read(int descriptor, MemorySegment into) {
    long size = into.byteSize();
    return callLong((arena, state) -> (long) READ.invokeExact(state, descriptor, into, size));
  }

  /** Writes what fits and says how much that was. */
  static long write(int descriptor, MemorySegment from) {
    long size = from.byteSize();
    return callLong((arena, state) -> (long) WRITE.invokeExact(state, descriptor, from, size));
  }

  static int kill(long pid, int signal) {
    return call((arena, state) -> (int) KILL.invokeExact(state, (int) pid, signal));
  }

  /** A descriptor that stands for this very process and becomes readable when it has ended. */
  static int pidfd(long pid) {
    return (int)
        callLong(
            (arena, state) -> (long) SYSCALL.invokeExact(state, SYS_PIDFD_OPEN, pid, 0L, 0L, 0L));
  }

  static int signalByPidfd(int pidfd, int signal) {
    return (int)
        callLong((arena, state) ->
            (long)
                SYSCALL.invokeExact(
                    state, SYS_PIDFD_SEND_SIGNAL, (long) pidfd, (long) signal, 0L, 0L));
  }

  /** Reaps a child that has ended; null when it still runs or is no child of this process. */
  static @Nullable ExitStatus reap(long pid) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      MemorySegment status = arena.allocate(JAVA_INT);
      MemorySegment usage = arena.allocate(RUSAGE_SIZE, 8);
      int reaped = (int) WAIT4.invokeExact(state, (int) pid, status, WNOHANG, usage);
      return reaped <= 0 ? null : exitStatus(status.get(JAVA_INT, 0), usage);
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  private static ExitStatus exitStatus(int status, MemorySegment usage) {
    int signal = status & 0x7f;
    var cpu =
        Duration.ofSeconds(
            usage.get(JAVA_LONG, 0) + usage.get(JAVA_LONG, 16),
            (usage.get(JAVA_LONG, 8) + usage.get(JAVA_LONG, 24)) * 1000);
    Long peak = own(usage.get(JAVA_LONG, RUSAGE_MAXRSS));
    return signal == 0
        ? new ExitStatus((status >> 8) & 0xff, null, cpu, peak)
        : new ExitStatus(128 + signal, signal, cpu, peak);
  }

  /**
   * A child starts with the peak of the process that forked it. What is not above the service's own
   * says nothing about the child: null.
   */
  private static @Nullable Long own(long childPeakKib) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      MemorySegment usage = arena.allocate(RUSAGE_SIZE, 8);
      check((int) GETRUSAGE.invokeExact(state, 0, usage));
      return childPeakKib > usage.get(JAVA_LONG, RUSAGE_MAXRSS) ? childPeakKib * 1024 : null;
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /**
   * Sets a resource limit of a process; a value above its present hard limit becomes that limit
   * where raising it takes rights the service lacks.
   */
  static int limit(long pid, int resource, long soft, long hard) {
    return call((arena, state) -> {
      MemorySegment limit = arena.allocate(JAVA_LONG, 2);
      limit.setAtIndex(JAVA_LONG, 0, soft);
      limit.setAtIndex(JAVA_LONG, 1, hard);
      MemorySegment none = MemorySegment.NULL;
      int result = (int) PRLIMIT.invokeExact(state, (int) pid, resource, limit, none);
      if (result == 0) {
        return 0;
      }
      MemorySegment present = arena.allocate(JAVA_LONG, 2);
      result = (int) PRLIMIT.invokeExact(state, (int) pid, resource, none, present);
      long ceiling = present.getAtIndex(JAVA_LONG, 1);
      if (result != 0 || Long.compareUnsigned(ceiling, hard) >= 0) {
        return -1;
      }
      limit.setAtIndex(JAVA_LONG, 0, Math.min(soft, ceiling));
      limit.setAtIndex(JAVA_LONG, 1, ceiling);
      return (int) PRLIMIT.invokeExact(state, (int) pid, resource, limit, none);
    });
  }

  /** How far this process may raise a limit of its own; -1, unsigned the largest, is for ever. */
  static long ceiling(int resource) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      MemorySegment present = arena.allocate(JAVA_LONG, 2);
      check((int) PRLIMIT.invokeExact(state, 0, resource, MemorySegment.NULL, present));
      return present.getAtIndex(JAVA_LONG, 1);
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  static int epoll() {
    return call((arena, state) -> (int) EPOLL_CREATE1.invokeExact(state, O_CLOEXEC));
  }

  /** A descriptor that becomes readable when eight bytes with a number are written to it. */
  static int eventfd() {
    return call((arena, state) -> (int) EVENTFD.invokeExact(state, 0, O_CLOEXEC | O_NONBLOCK));
  }

  /** Adds a descriptor to an epoll set, or takes it out; its number is the token of its events. */
  static int control(int epoll, int operation, int descriptor, int events) {
    return call((arena, state) -> {
      MemorySegment event = arena.allocate(EVENT_SIZE, 8);
      event.set(JAVA_INT, 0, events);
      event.set(JAVA_INT, EVENT_TOKEN, descriptor);
      return (int) EPOLL_CTL.invokeExact(state, epoll, operation, descriptor, event);
    });
  }

  /** Room for the answers of {@link #awaitEvents}. */
  static MemorySegment allocateEvents(Arena arena, int count) {
    return arena.allocate(EVENT_SIZE * count, 8);
  }

  /** Blocks until something is ready; how many events lie in {@code into}. */
  static int awaitEvents(int epoll, MemorySegment into) {
    int room = (int) (into.byteSize() / EVENT_SIZE);
    return call((arena, state) -> (int) EPOLL_WAIT.invokeExact(state, epoll, into, room, -1));
  }

  /** The descriptor the n-th event is about. */
  static int eventDescriptor(MemorySegment events, int index) {
    return events.get(JAVA_INT, EVENT_SIZE * index + EVENT_TOKEN);
  }

  private static MemorySegment strings(Arena arena, List<String> strings) {
    MemorySegment array = arena.allocate(ADDRESS, strings.size() + 1L);
    for (int i = 0; i < strings.size(); i++) {
      array.setAtIndex(ADDRESS, i, arena.allocateFrom(strings.get(i), StandardCharsets.UTF_8));
    }
    return array;
  }

  /** A native call; its first argument takes the error number. */
  private interface IntCall {
    int on(Arena arena, MemorySegment state) throws Throwable;
  }

  private interface LongCall {
    long on(Arena arena, MemorySegment state) throws Throwable;
  }

  private static int call(IntCall call) {
    return (int) callLong(call::on);
  }

  private static long callLong(LongCall call) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      long result = call.on(arena, state);
      return result < 0 ? -(int) ERRNO.get(state, 0L) : result;
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  private static void check(int error) {
    if (error != 0) {
      throw new IllegalStateException("Preparing a process failed with error " + error);
    }
  }

  private static RuntimeException rethrown(Throwable thrown) {
    return switch (thrown) {
      case RuntimeException e -> e;
      case Error e -> throw e;
      default -> new IllegalStateException(thrown);
    };
  }

  /** A function that leaves its error in errno. */
  private static MethodHandle number(String name, ValueLayout result, ValueLayout... arguments) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(name),
        FunctionDescriptor.of(result, arguments),
        Linker.Option.captureCallState("errno"));
  }

  private static MethodHandle variadic(
      String name, int fixed, ValueLayout result, ValueLayout... arguments) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(name),
        FunctionDescriptor.of(result, arguments),
        Linker.Option.firstVariadicArg(fixed),
        Linker.Option.captureCallState("errno"));
  }

  /** A function that returns its error. */
  private static MethodHandle plain(String name, ValueLayout... arguments) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(name), FunctionDescriptor.of(JAVA_INT, arguments));
  }

  private static @Nullable MethodHandle ifPresent(String name, ValueLayout... arguments) {
    return LINKER
        .defaultLookup()
        .find(name)
        .map(found -> LINKER.downcallHandle(found, FunctionDescriptor.of(JAVA_INT, arguments)))
        .orElse(null);
  }
}
