package dev.runnel.execution;

import dev.runnel.run.Output;
import dev.runnel.run.RunEvent;
import java.time.Instant;

/** A log event in memory, whether as one or as a place in an {@link OutputRing}. */
interface LogChunk {
  long seq();

  Instant at();

  Output output();

  /** Bytes of output. */
  int size();

  /** The event; a copy where its bytes will be written over. */
  RunEvent.Log log();

  /** As {@link RunEvent#weight}. */
  default int weight() {
    return 96 + size();
  }

  /** An event of its own. */
  record Whole(RunEvent.Log log) implements LogChunk {
    @Override
    public long seq() {
      return log.seq();
    }

    @Override
    public Instant at() {
      return log.at();
    }

    @Override
    public Output output() {
      return log.output();
    }

    @Override
    public int size() {
      return log.bytes().length;
    }
  }
}
