package dev.runnel.run;

import dev.runnel.script.Language;
import dev.runnel.script.Runner;

/**
 * What a run ran, kept in its record so that history survives edits and deletion.
 *
 * @param title the display name
 * @param version content version; 0 for what is not stored
 * @param sha256 lower-case hex of the text's UTF-8
 */
public record ScriptStamp(
    String name,
    String codeIdentifier,
    String title,
    Language language,
    Runner runner,
    long version,
    String sha256) {

  /** What has no title of its own is shown by its name. */
  public ScriptStamp(
      String name,
      String codeIdentifier,
      Language language,
      Runner runner,
      long version,
      String sha256) {
    this(name, codeIdentifier, name, language, runner, version, sha256);
  }
}
