package dev.runnel.http.bosbase;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.runnel.http.EndedRun;
import dev.runnel.run.Run;
import dev.runnel.run.WasmCall;
import org.jspecify.annotations.Nullable;

/** An asynchronous run of a module as this dialect shows it; what is not known is left out. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record WasmWire(
    String id,
    String wasmName,
    String status,
    String function,
    String options,
    String parameters,
    String startedAt,
    @Nullable String finishedAt,
    @Nullable String duration,
    @Nullable String output,
    @Nullable String stdout,
    @Nullable String stderr,
    @Nullable Integer exitCode,
    @Nullable String error) {

  /** Queued and running are the same here. */
  static WasmWire running(Run run) {
    return of(run, null);
  }

  static WasmWire ended(Run run, EndedRun ended) {
    return of(run, ended);
  }

  private static WasmWire of(Run run, @Nullable EndedRun ended) {
    var call = WasmCall.of(run);
    var duration = run.duration();
    return new WasmWire(
        run.id().toString(),
        call.wasm(),
        JobWire.status(run),
        call.function(),
        call.options(),
        call.params(),
        JobWire.startedAt(run),
        ended == null ? null : JobWire.finishedAt(run),
        ended == null || duration == null || duration.isZero() ? null : GoDuration.of(duration),
        ended == null ? null : ended.output(),
        ended == null ? null : ended.stdout(),
        ended == null ? null : ended.stderr(),
        ended == null ? null : ended.exitCode(),
        ended == null ? null : JobWire.error(run));
  }
}
