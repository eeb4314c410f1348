package dev.runnel.worker.wasm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The options of the command line {@code wasmedge} that this runtime knows; a value comes after
 * {@code =} or as the next word.
 *
 * @param reactor a function of the module is called, not its {@code _start}
 * @param environment what the module sees
 * @param directories host directories, without links, by what the module calls them
 * @param timeLimitMillis 0 is no limit
 * @param pages the most memory, in pages
 */
record CommandLine(
    boolean reactor,
    Map<String, String> environment,
    Map<String, Path> directories,
    long timeLimitMillis,
    int pages) {
  private static final String KNOWN =
      "--reactor, --env NAME=VALUE, --dir GUEST:HOST, --time-limit MILLISECONDS,"
          + " --memory-page-limit PAGES";

  /** Reads the options of an order. Fails for what is none of them, or has no sensible value. */
  static CommandLine of(Order order) throws Refused {
    var reactor = false;
    var environment = new LinkedHashMap<String, String>();
    var directories = new LinkedHashMap<String, Path>();
    long timeLimit = 0;
    long pages = order.pages();
    var words = new ArrayDeque<>(order.options());
    while (!words.isEmpty()) {
      var word = words.remove();
      var equals = word.startsWith("--") ? word.indexOf('=') : -1;
      var name = equals < 0 ? word : word.substring(0, equals);
      var inline = equals < 0 ? null : word.substring(equals + 1);
      switch (name) {
        case "--reactor" -> {
          if (inline != null) {
            throw new Refused("--reactor takes no value");
          }
          reactor = true;
        }
        case "--env" -> variable(value(name, inline, words), environment);
        case "--dir" -> directory(value(name, inline, words), order.directory(), directories);
        case "--time-limit" -> timeLimit = number(name, value(name, inline, words));
        case "--memory-page-limit" ->
            pages = Math.min(pages, number(name, value(name, inline, words)));
        case "--gas-limit" ->
            throw new Refused(
                "--gas-limit needs wasmedge: the built-in runtime does not count instructions;"
                    + " --time-limit bounds the time");
        default -> throw new Refused("unknown option " + word + "; known are " + KNOWN);
      }
    }
    return new CommandLine(reactor, environment, directories, timeLimit, (int) pages);
  }

  private static String value(String name, @Nullable String inline, Deque<String> words)
      throws Refused {
    if (inline != null) {
      return inline;
    }
    if (words.isEmpty()) {
      throw new Refused(name + " needs a value");
    }
    return words.remove();
  }

  private static long number(String name, String value) throws Refused {
    try {
      var number = Long.parseLong(value);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException notANumber) {
      throw new Refused(name + " needs a number from 0, not " + value, notANumber);
    }
    throw new Refused(name + " needs a number from 0, not " + value);
  }

  private static void variable(String value, Map<String, String> environment) throws Refused {
    var equals = value.indexOf('=');
    if (equals < 1) {
      throw new Refused("--env needs NAME=VALUE, not " + value);
    }
    environment.put(value.substring(0, equals), value.substring(equals + 1));
  }

  /** A directory alone has the same name inside and outside. */
  private static void directory(String value, String base, Map<String, Path> directories)
      throws Refused {
    var parts = List.of(value.split(":", 2));
    var guest = parts.getFirst();
    var host = Path.of(base).resolve(parts.getLast()).normalize();
    if (guest.isEmpty() || parts.getLast().isEmpty()) {
      throw new Refused("--dir needs GUEST:HOST or a directory, not " + value);
    }
    if (!Files.isDirectory(host)) {
      throw new Refused("--dir: there is no directory " + host);
    }
    try {
      directories.put(guest, host.toRealPath());
    } catch (IOException unreadable) {
      throw new Refused("--dir: " + host + " cannot be read: " + unreadable, unreadable);
    }
  }
}
