package dev.runnel.http.bosbase;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.runnel.script.Script;
import java.util.List;

/** A script as this dialect shows it; {@code version} counts every update. */
record ScriptWire(
    String id,
    String name,
    String content,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) String description,
    long version,
    String created,
    String updated) {

  record Page(List<ScriptWire> items) {}

  static ScriptWire of(Script script) {
    return new ScriptWire(
        script.id().toString(),
        script.name(),
        script.text(),
        script.description(),
        script.revision(),
        Timestamps.record(script.created()),
        Timestamps.record(script.updated()));
  }
}
