package dev.runnel.config;

import dev.runnel.config.Option.Unit;
import java.time.Duration;

/**
 * How WebAssembly modules are run. All but the timeout is about the built-in runtime, which serves
 * where there is no {@code wasmedge}.
 */
public record WasmOptions(
    @Option(
            variable = "RUNNEL_WASM_TIMEOUT",
            initial = "5 min",
            min = "100 ms",
            max = "24 h",
            unit = Unit.TIME,
            meaning = "Limit of a run of a module, synchronous or not.")
        Duration timeout,
    @Option(
            variable = "RUNNEL_WASM_MEMORY",
            initial = "256 MiB",
            min = "1 MiB",
            max = "1 GiB",
            unit = Unit.BYTES,
            meaning =
                "Memory that a module may have in the built-in runtime, whose process may have"
                    + " twice that and 128 MiB. `--memory-page-limit` can only lower it.")
        long memory,
    @Option(
            variable = "RUNNEL_WASM_WORKERS",
            initial = "0",
            min = "0",
            max = "1000",
            meaning =
                "Processes of the built-in runtime, each of which runs one module at a time; `0` is"
                    + " two for each core. They are started when needed, more than one for each"
                    + " core only while a module waits.")
        int workers,
    @Option(
            variable = "RUNNEL_WASM_IDLE",
            initial = "1 min",
            min = "1 s",
            max = "24 h",
            unit = Unit.TIME,
            meaning = "How long a process of the built-in runtime stays without work.")
        Duration idle) {

  /** The most processes of the built-in runtime. */
  public int mostWorkers() {
    return workers > 0 ? workers : 2 * Runtime.getRuntime().availableProcessors();
  }
}
