package dev.runnel.http.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.runnel.script.EnvVariable;
import dev.runnel.script.Limits;
import dev.runnel.script.Script;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A definition as this dialect shows it; {@code script} is null and left out in summaries. */
record DefinitionWire(
    @JsonProperty("_id") String mongoId,
    String id,
    String name,
    String codeIdentifier,
    String description,
    String type,
    String runner,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String script,
    String scriptFormat,
    String defaultWorkingDirectory,
    List<Variable> env,
    long timeoutMs,
    boolean enabled,
    Schedule schedule,
    ApiTrigger apiTrigger,
    String concurrency,
    @Nullable Integer concurrencyLimit,
    @Nullable String concurrencyKey,
    int priority,
    LimitsWire limits,
    long version,
    String createdAt,
    String updatedAt) {

  /** {@code value} is null and left out in summaries. */
  record Variable(String key, @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String value) {}

  record Schedule(boolean enabled, String cron, String timezone) {
    static final Schedule NONE = new Schedule(false, "", "UTC");
  }

  record ApiTrigger(boolean enabled) {
    static final ApiTrigger NONE = new ApiTrigger(false);
  }

  /** Only the limits that the definition sets. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record LimitsWire(
      @Nullable Long cpuSeconds,
      @Nullable Long memoryBytes,
      @Nullable Long processes,
      @Nullable Long openFiles,
      @Nullable Long fileSizeBytes) {

    static LimitsWire of(Limits limits) {
      return new LimitsWire(
          limits.cpuSeconds(),
          limits.memoryBytes(),
          limits.processes(),
          limits.openFiles(),
          limits.fileSizeBytes());
    }
  }

  /** {@code defaultTimeoutMs} is what holds where the definition has none. */
  static DefinitionWire of(Script script, long defaultTimeoutMs, boolean summary) {
    return new DefinitionWire(
        script.id().toString(),
        script.id().toString(),
        script.title(),
        script.codeIdentifier(),
        script.description(),
        script.language().wire(),
        script.runner().wire(),
        summary ? null : script.text(),
        "string",
        script.workingDirectory(),
        script.env().stream().map(variable -> wire(variable, summary)).toList(),
        script.timeout() == null ? defaultTimeoutMs : script.timeout().toMillis(),
        script.enabled(),
        Schedule.NONE,
        ApiTrigger.NONE,
        script.concurrency().wire(),
        script.turns().limit(),
        script.turns().key() == null ? null : script.turns().key().wire(),
        script.turns().priority(),
        LimitsWire.of(script.limits()),
        script.contentVersion(),
        Timestamps.of(script.created()),
        Timestamps.of(script.updated()));
  }

  private static Variable wire(EnvVariable variable, boolean summary) {
    return new Variable(variable.key(), summary ? null : variable.value());
  }
}
