package dev.runnel.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import dev.runnel.problem.Problem;
import dev.runnel.script.ScriptHistory;
import dev.runnel.script.ScriptText;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads what {@link ExportFolder} wrote, or somebody by hand. Every path is made of the folder's
 * own entries and of numbers, none of what a file says; links are not followed.
 */
final class ImportFolder {
  private static final int LARGEST_DEFINITION = 16 << 20;

  private final Path dir;
  private final InstantSource clock;
  private final List<String> faults = new ArrayList<>();

  ImportFolder(Path dir, InstantSource clock) {
    this.dir = dir;
    this.clock = clock;
  }

  /**
   * A script as it is in the folder.
   *
   * @param env names of its variables
   */
  record Found(ScriptHistory history, List<String> env) {
    String name() {
      return history.newest().name();
    }

    String codeIdentifier() {
      return String.valueOf(history.newest().codeIdentifier());
    }
  }

  /** A folder that cannot be imported as it is: every fault, one in a line. */
  static final class Faulty extends RuntimeException {
    Faulty(List<String> faults) {
      super("Nothing was imported:\n" + String.join("\n", faults));
    }
  }

  /** Every script, by name; fails with {@link Faulty} when any of them is not right. */
  List<Found> read() throws IOException {
    if (!Files.isDirectory(dir)) {
      throw new Faulty(List.of(dir + " is not a folder"));
    }
    var found = new ArrayList<Found>();
    for (var folder : entries(dir)) {
      if (!String.valueOf(folder.getFileName()).startsWith(".")) {
        try {
          found.add(script(folder));
        } catch (Problem.Invalid | IllegalArgumentException | IOException fault) {
          faults.add(dir.relativize(folder) + ": " + fault.getMessage());
        }
      }
    }
    twice(found);
    if (!faults.isEmpty()) {
      throw new Faulty(faults);
    }
    found.sort(Comparator.comparing(Found::name));
    return found;
  }

  private static List<Path> entries(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  private void twice(List<Found> all) {
    Set<String> names = new HashSet<>();
    Set<String> codes = new HashSet<>();
    for (var one : all) {
      if (!names.add(one.name())) {
        faults.add(one.name() + " is there twice");
      }
      if (!codes.add(one.codeIdentifier())) {
        faults.add(one.name() + " has the codeIdentifier of another script");
      }
    }
  }

  private Found script(Path folder) throws IOException {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      throw new IllegalArgumentException("is not a script's folder");
    }
    var script = parsed(text(folder.resolve(ExportFolder.DEFINITION), LARGEST_DEFINITION));
    var rules = new ImportRules(script, clock.instant());
    var texts = new HashMap<Long, String>();
    for (var version : rules.versions().entrySet()) {
      var file = ExportFolder.VERSIONS + "/" + version.getKey() + "." + version.getValue();
      texts.put(version.getKey(), text(folder.resolve(file), ScriptText.MAX_BYTES));
    }
    nothingElse(folder.resolve(ExportFolder.VERSIONS), rules.versions());
    var newest = text(folder.resolve(ExportFolder.TEXT + rules.extension()), ScriptText.MAX_BYTES);
    return new Found(rules.history(newest, texts), script.env());
  }

  private static void nothingElse(Path folder, Map<Long, String> versions) throws IOException {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      throw new IllegalArgumentException(folder.getFileName() + " is not a folder");
    }
    for (var file : entries(folder)) {
      var name = String.valueOf(file.getFileName());
      if (versions.entrySet().stream()
          .noneMatch(version -> name.equals(version.getKey() + "." + version.getValue()))) {
        throw new IllegalArgumentException(
            "versions/" + name + " is not in " + ExportFolder.DEFINITION);
      }
    }
  }

  private static ExportedScript parsed(String json) {
    try {
      return ExportedScript.parsed(json);
    } catch (JsonProcessingException malformed) {
      throw new IllegalArgumentException(
          ExportFolder.DEFINITION + ", line " + line(malformed) + ": " + meaning(malformed),
          malformed);
    }
  }

  private static int line(JsonProcessingException malformed) {
    return malformed.getLocation() == null ? 1 : malformed.getLocation().getLineNr();
  }

  private static String meaning(JsonProcessingException malformed) {
    if (malformed instanceof JsonMappingException mapping && !mapping.getPath().isEmpty()) {
      return mapping.getPath().getLast().getFieldName() + " cannot be there with that value";
    }
    return malformed.getOriginalMessage();
  }

  private static String text(Path file, int mostBytes) throws IOException {
    var name = file.getFileName();
    if (!Files.isDirectory(file.getParent(), LinkOption.NOFOLLOW_LINKS)
        || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new IllegalArgumentException(name + " is missing, or no plain file");
    }
    if (Files.size(file) > mostBytes) {
      throw new IllegalArgumentException(name + " is longer than " + mostBytes + " bytes");
    }
    try {
      var bytes = ByteBuffer.wrap(Files.readAllBytes(file));
      var text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
      if (text.indexOf('\0') < 0) {
        return text;
      }
    } catch (CharacterCodingException notText) {
      throw new IllegalArgumentException(name + " is not UTF-8", notText);
    }
    throw new IllegalArgumentException(name + " holds a NUL");
  }
}
