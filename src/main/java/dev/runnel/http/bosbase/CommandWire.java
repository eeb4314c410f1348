package dev.runnel.http.bosbase;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.runnel.http.EndedRun;
import dev.runnel.run.Run;
import org.jspecify.annotations.Nullable;

/** A shell command as this dialect shows it; what is not known yet is left out. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record CommandWire(
    String id,
    String command,
    String status,
    String startedAt,
    @Nullable String finishedAt,
    @Nullable String output,
    @Nullable String stdout,
    @Nullable String stderr,
    @Nullable Integer exitCode,
    @Nullable String error,
    @Nullable String duration) {

  /** Queued and running are the same here. */
  static CommandWire running(Run run, String command) {
    return new CommandWire(
        run.id().toString(),
        command,
        JobWire.status(run),
        JobWire.startedAt(run),
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  static CommandWire ended(Run run, String command, EndedRun ended) {
    return new CommandWire(
        run.id().toString(),
        command,
        JobWire.status(run),
        JobWire.startedAt(run),
        JobWire.finishedAt(run),
        ExecutionWire.whole(ended),
        ended.stdout(),
        ended.stderr(),
        ended.exitCode(),
        JobWire.error(run),
        JobWire.duration(run));
  }
}
