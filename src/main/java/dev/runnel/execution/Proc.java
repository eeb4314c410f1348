package dev.runnel.execution;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What {@code /proc} says about processes. A process that is gone has no answers, not errors. */
final class Proc {
  private static final Pattern NUMBER = Pattern.compile("[0-9]+");
  private static final Pattern NO_DIGITS = Pattern.compile("[^0-9]+");
  private static final Pattern BLANKS = Pattern.compile("\\s+");

  private Proc() {}

  /** Identifies this boot of the machine. */
  static String bootId() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The kernel's number of the calling thread, which must not be a virtual one. */
  static long thisThread() {
    try {
      var name = Files.readSymbolicLink(Path.of("/proc/thread-self")).getFileName();
      return Long.parseLong(name.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The process with this number, zombies included. */
  static Optional<ProcessStat> stat(long pid) {
    return Optional.ofNullable(text("/proc/" + pid + "/stat")).map(ProcessStat::parse);
  }

  /** The present in the unit of {@link ProcessId#startTime}; Linux counts it in 1/100 s. */
  static long now() {
    var uptime = text("/proc/uptime");
    if (uptime == null) {
      throw new IllegalStateException("/proc is not mounted: Runnel cannot look after processes.");
    }
    return Long.parseLong(
        NO_DIGITS.matcher(uptime.substring(0, uptime.indexOf(' '))).replaceAll(""));
  }

  /** Every process there is. */
  static List<ProcessStat> all() {
    var found = new ArrayList<ProcessStat>();
    for (long pid : numbersIn("/proc")) {
      stat(pid).ifPresent(found::add);
    }
    return found;
  }

  /** The children of a process, zombies included. */
  static Set<Long> children(long pid) {
    var found = new LinkedHashSet<Long>();
    for (long thread : numbersIn("/proc/" + pid + "/task")) {
      found.addAll(childrenOfThread(pid, thread));
    }
    return found;
  }

  /**
   * The children one thread has started or been given. While siblings end the kernel may skip an
   * entry of a single reading, so more than one entry is read twice.
   */
  static Set<Long> childrenOfThread(long pid, long thread) {
    var path = "/proc/" + pid + "/task/" + thread + "/children";
    var found = new LinkedHashSet<Long>(numbers(text(path)));
    if (found.size() > 1) {
      found.addAll(numbers(text(path)));
    }
    return found;
  }

  /**
   * The value of a variable in the environment a process was started with; null when it is not
   * there or not ours to read.
   */
  static @Nullable String variable(long pid, String name) {
    var environment = text("/proc/" + pid + "/environ");
    if (environment == null) {
      return null;
    }
    var prefix = name + "=";
    for (var entry : environment.split("\0", -1)) {
      if (entry.startsWith(prefix)) {
        return entry.substring(prefix.length());
      }
    }
    return null;
  }

  /**
   * Bytes of memory a process would give back if it ended: shared pages count by their share. Empty
   * where the kernel does not say so.
   */
  static OptionalLong proportionalBytes(long pid) {
    var rollup = text("/proc/" + pid + "/smaps_rollup");
    if (rollup == null) {
      return OptionalLong.empty();
    }
    return rollup
        .lines()
        .filter(line -> line.startsWith("Pss:"))
        .mapToLong(line -> Long.parseLong(NO_DIGITS.matcher(line).replaceAll("")) * 1024)
        .findFirst();
  }

  private static List<Long> numbers(@Nullable String text) {
    return text == null || text.isBlank()
        ? List.of()
        : BLANKS.splitAsStream(text.strip()).map(Long::valueOf).toList();
  }

  private static List<Long> numbersIn(String directory) {
    var names = Path.of(directory).toFile().list();
    if (names == null) {
      return List.of();
    }
    var numbers = new ArrayList<Long>(names.length);
    for (var name : names) {
      if (NUMBER.matcher(name).matches()) {
        numbers.add(Long.valueOf(name));
      }
    }
    return numbers;
  }

  /** The text of a small file of the kernel's; null when it is not there or not ours to read. */
  static @Nullable String text(String path) {
    try (var in = new FileInputStream(path)) {
      return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    } catch (IOException gone) {
      return null;
    }
  }
}
