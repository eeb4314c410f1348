package dev.runnel.http.bosbase;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.runnel.http.EndedRun;
import dev.runnel.http.Json;
import dev.runnel.run.ResultFormat;
import dev.runnel.run.ReturnValue;
import dev.runnel.run.Run;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a finished execution answers. */
record ExecutionWire(String output, String stdout, String stderr, String duration) {

  static ExecutionWire of(EndedRun ended) {
    return new ExecutionWire(
        whole(ended), ended.stdout(), ended.stderr(), GoDuration.of(ended.duration()));
  }

  /**
   * What the caller gets to see of a run that did not succeed.
   *
   * @param availableFunctions where the one that was asked for is not among them
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Failed(
      String output,
      String stdout,
      String stderr,
      @Nullable Integer exitCode,
      String error,
      String status,
      String duration,
      @Nullable List<String> availableFunctions) {

    static Failed of(EndedRun ended, Optional<Run> record) {
      return new Failed(
          whole(ended),
          ended.stdout(),
          ended.stderr(),
          ended.exitCode(),
          RunFailure.text(ended.status(), ended.exitCode(), record),
          ended.status().wire(),
          GoDuration.of(ended.duration()),
          record
              .filter(run -> run.request().function() != null)
              .map(_ -> MissingFunction.available(ended.stderr()))
              .orElse(null));
    }
  }

  /** What was printed, then what was returned, unless that is nothing. */
  static String whole(EndedRun ended) {
    return ended.value() == null ? ended.output() : ended.output() + returned(ended.value());
  }

  private static String returned(ReturnValue value) {
    var node = Json.value(value.json());
    if (node.isNull()) {
      return "";
    }
    return value.format() == ResultFormat.STRING ? node.asText() : value.json();
  }
}
