package dev.runnel.cli;

import dev.runnel.run.RunRequest;
import dev.runnel.script.Concurrency;
import dev.runnel.script.EnvVariable;
import dev.runnel.script.Language;
import dev.runnel.script.Limits;
import dev.runnel.script.Runner;
import dev.runnel.script.Script;
import dev.runnel.script.ScriptVersion;
import dev.runnel.script.Turns;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Scripts as a registry would give them. */
final class Samples {
  private static final Instant THEN = Instant.parse("2026-01-02T03:04:05.678901Z");

  private Samples() {}

  static Script script(String name, String text) {
    return new Script(
        UUID.randomUUID(),
        name,
        "code",
        "Title",
        "",
        Language.PYTHON,
        Runner.HOST,
        text,
        "",
        List.of(new EnvVariable("TOKEN", "canary")),
        null,
        true,
        Concurrency.PARALLEL,
        Limits.DEFAULT,
        Turns.DEFAULT,
        3,
        2,
        THEN,
        THEN);
  }

  static List<ScriptVersion> versions(String... texts) {
    var versions = new ArrayList<ScriptVersion>();
    for (var text : texts) {
      versions.add(
          new ScriptVersion(
              versions.size() + 1,
              Language.PYTHON,
              Runner.HOST,
              text,
              RunRequest.sha256(text),
              THEN));
    }
    return versions;
  }
}
