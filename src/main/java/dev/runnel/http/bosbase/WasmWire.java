package dev.runnel.http.bosbase;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.runnel.run.Run;
import dev.runnel.run.WasmCall;

/** An asynchronous run of a module as this dialect shows it. */
record WasmWire(
    @JsonUnwrapped JobState state,
    String wasmName,
    String function,
    String options,
    String parameters) {

  static WasmWire of(Run run, JobState state) {
    var call = WasmCall.of(run);
    return new WasmWire(state, call.wasm(), call.function(), call.options(), call.params());
  }
}
