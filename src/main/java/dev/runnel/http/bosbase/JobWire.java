package dev.runnel.http.bosbase;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.runnel.run.Run;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An asynchronous execution as this dialect shows it; what is not known yet is left out. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record JobWire(
    @JsonUnwrapped JobState state,
    String scriptName,
    @Nullable String functionName,
    List<String> args) {

  static JobWire of(Run run, JobState state) {
    return new JobWire(state, run.script().name(), run.request().function(), run.request().args());
  }
}
