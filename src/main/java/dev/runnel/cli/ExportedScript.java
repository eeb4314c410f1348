package dev.runnel.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import dev.runnel.script.EnvVariable;
import dev.runnel.script.Language;
import dev.runnel.script.Limits;
import dev.runnel.script.Script;
import dev.runnel.script.ScriptVersion;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code script.json}: all of a script but its texts and the values of its variables.
 *
 * @param format {@link #FORMAT}
 * @param env names only
 * @param versions oldest first
 */
record ExportedScript(
    int format,
    String name,
    String codeIdentifier,
    String title,
    String description,
    String language,
    String runner,
    String workingDirectory,
    List<String> env,
    @Nullable Long timeoutMs,
    boolean enabled,
    String concurrency,
    @Nullable Integer concurrencyLimit,
    @Nullable String concurrencyKey,
    @Nullable Integer priority,
    Limits limits,
    long revision,
    String created,
    String updated,
    List<Version> versions) {
  static final int FORMAT = 1;

  /** One text; it is in {@code versions/<version>.<extension>}. */
  record Version(long version, String language, String runner, String sha256, String created) {

    static Version of(ScriptVersion version) {
      return new Version(
          version.version(),
          version.language().wire(),
          version.runner().wire(),
          version.sha256(),
          version.created().toString());
    }
  }

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .serializationInclusion(JsonInclude.Include.NON_NULL)
          .withCoercionConfig(
              LogicalType.Textual,
              coercion -> {
                coercion.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail);
                coercion.setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
              })
          .build();

  static ExportedScript of(Script script, List<ScriptVersion> versions) {
    var timeout = script.timeout();
    var turns = script.turns();
    return new ExportedScript(
        FORMAT,
        script.name(),
        script.codeIdentifier(),
        script.title(),
        script.description(),
        script.language().wire(),
        script.runner().wire(),
        script.workingDirectory(),
        script.env().stream().map(EnvVariable::key).toList(),
        timeout == null ? null : timeout.toMillis(),
        script.enabled(),
        script.concurrency().wire(),
        turns.limit(),
        turns.key() == null ? null : turns.key().wire(),
        turns.priority() == 0 ? null : turns.priority(),
        script.limits(),
        script.revision(),
        script.created().toString(),
        script.updated().toString(),
        versions.stream().map(Version::of).toList());
  }

  /** What a text of this language is called: {@code script.py}, {@code versions/3.py}. */
  static String extension(Language language) {
    return switch (language) {
      case BASH, COMMAND -> "sh";
      case NODE, BROWSER -> "js";
      case PYTHON -> "py";
      case WASM -> throw new IllegalArgumentException("No script is a module");
    };
  }

  String json() throws JsonProcessingException {
    return JSON.writeValueAsString(this) + "\n";
  }

  static ExportedScript parsed(String json) throws JsonProcessingException {
    return JSON.readValue(json, ExportedScript.class);
  }
}
