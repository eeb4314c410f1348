package dev.runnel.http.bosbase;

import dev.runnel.http.Fields;
import dev.runnel.problem.Problem;
import dev.runnel.run.WasmCall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Set;
import java.util.regex.Pattern;

/** What a caller wants a module to be run with, and what not everybody may ask for. */
final class WasmInput {
  /** What no caller can do harm with: each of them makes a module's world smaller or nothing. */
  private static final Set<String> FOR_ALL =
      Set.of("--reactor", "--time-limit", "--memory-page-limit", "--gas-limit");

  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");
  private static final String GAS = "--gas-limit";
  private static final String INVALID = "Invalid wasm name.";
  private static final int LONGEST_NAME = 1024;

  private WasmInput() {}

  /** Fails with {@code Invalid}; the name of the module is clean then. */
  static WasmCall of(Fields body) {
    var name = body.text("wasm", "").strip();
    if (name.isEmpty()) {
      throw new Problem.Invalid("wasm", "Wasm is required.");
    }
    return new WasmCall(
        body.text("options", "").strip(), cleaned(name), body.text("params", "").strip());
  }

  /** A path that stays in the directory it is relative to, as far as its text tells. */
  static String cleaned(String name) {
    try {
      var path = Path.of(name).normalize();
      var text = path.toString();
      if (!path.isAbsolute()
          && !text.isEmpty()
          && !path.startsWith("..")
          && !text.startsWith("-")
          && text.length() <= LONGEST_NAME
          && text.chars().noneMatch(Character::isISOControl)) {
        return text;
      }
    } catch (InvalidPathException notAPath) {
      throw new Problem.Invalid("wasm", INVALID);
    }
    throw new Problem.Invalid("wasm", INVALID);
  }

  /** Fails with {@code Invalid} for an option that is not for all. */
  static void refuseOptionsOfSuperusers(WasmCall call) {
    var words = new ArrayDeque<>(call.optionWords());
    while (!words.isEmpty()) {
      var word = words.remove();
      var equals = word.indexOf('=');
      var name = equals < 0 ? word : word.substring(0, equals);
      if (!FOR_ALL.contains(name)) {
        throw new Problem.Invalid(
            "options",
            "Only superusers may give options other than --reactor, --time-limit,"
                + " --memory-page-limit and --gas-limit.");
      }
      if (name.equals("--reactor") ? equals >= 0 : !hasNumber(word, equals, words)) {
        throw new Problem.Invalid(
            "options",
            name.equals("--reactor") ? name + " takes no value." : name + " needs a number.");
      }
    }
  }

  private static boolean hasNumber(String word, int equals, ArrayDeque<String> words) {
    var value = equals < 0 ? words.poll() : word.substring(equals + 1);
    return value != null && NUMBER.matcher(value).matches();
  }

  /** Whether instructions are to be counted. */
  static boolean limitsGas(WasmCall call) {
    return call.optionWords().stream()
        .anyMatch(word -> word.equals(GAS) || word.startsWith(GAS + "="));
  }

  /**
   * Fails with {@code Invalid} when links lead the name out of the directory. Reads it, so not for
   * event loops.
   */
  static Void refuseEscape(Path directory, String name) throws IOException {
    if (!Files.isDirectory(directory)) {
      return null;
    }
    var home = directory.toRealPath();
    var file = home.resolve(name);
    while (!Files.exists(file) && !Files.isSymbolicLink(file) && !file.equals(home)) {
      file = file.getParent();
    }
    try {
      if (file.toRealPath().startsWith(home)) {
        return null;
      }
    } catch (IOException leadsNowhere) {
      throw new Problem.Invalid("wasm", INVALID);
    }
    throw new Problem.Invalid("wasm", INVALID);
  }
}
