package dev.runnel.execution;

import dev.runnel.run.Output;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * Both output streams of one run, cut into chunks for log events in the order of arrival. Lines are
 * shown at once when nothing was shown just before; a flood is put together; an open line is shown
 * after silence.
 */
final class OutputChunks {
  private static final long PACE_MS = 20;
  private static final long SILENCE_MS = 100;

  private final Engine engine;
  private final Map<Output, LineChunks> streams = new EnumMap<>(Output.class);
  private long lastArrival;
  private long lastEmission = -PACE_MS;
  private boolean armed;

  /** Takes a chunk of a stream; see {@link LineChunks.Sink}. */
  interface Sink {
    void accept(Output output, byte[] bytes, int from, int size);
  }

  OutputChunks(Engine engine, Sink sink) {
    this.engine = engine;
    for (var output : Output.values()) {
      streams.put(
          output,
          new LineChunks((bytes, from, size) -> {
            lastEmission = engine.millis();
            sink.accept(output, bytes, from, size);
          }));
    }
  }

  /** Copies the first {@code size} bytes. */
  void add(Output output, byte[] bytes, int size) {
    lastArrival = engine.millis();
    stream(output == Output.STDOUT ? Output.STDERR : Output.STDOUT).emitLines();
    var stream = stream(output);
    stream.add(bytes, size);
    if (lastArrival - lastEmission >= PACE_MS) {
      stream.emitLines();
    }
    arm();
  }

  void emitAll() {
    streams.values().forEach(LineChunks::emitAll);
  }

  private void arm() {
    if (armed || streams.values().stream().allMatch(LineChunks::isEmpty)) {
      return;
    }
    armed = true;
    engine.timer(
        PACE_MS,
        () -> {
          armed = false;
          if (engine.millis() - lastArrival >= SILENCE_MS) {
            emitAll();
          } else {
            streams.values().forEach(LineChunks::emitLines);
          }
          arm();
        });
  }

  private LineChunks stream(Output output) {
    return Objects.requireNonNull(streams.get(output));
  }
}
