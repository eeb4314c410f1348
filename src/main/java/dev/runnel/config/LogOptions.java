package dev.runnel.config;

import dev.runnel.config.Option.Unit;

/** How much output is kept. */
public record LogOptions(
    @Option(
            variable = "RUNNEL_LOG_CAP",
            initial = "10 MiB",
            min = "64 KiB",
            max = "4 GiB",
            unit = Unit.BYTES,
            meaning =
                "Stored output of one run: the first half and the last. What is dropped between"
                    + " them is announced; live followers still get all.")
        long cap,
    @Option(
            variable = "RUNNEL_LOG_RING",
            initial = "2 MiB",
            min = "64 KiB",
            max = "1 GiB",
            unit = Unit.BYTES,
            meaning = "Output of an active run kept in memory for live followers.")
        long ring) {

  /**
   * The most that is read of one run's output, in bytes: its first half in the store, and what
   * memory still has after it.
   */
  public long readable() {
    return Math.max(cap, cap / 2 + ring);
  }
}
