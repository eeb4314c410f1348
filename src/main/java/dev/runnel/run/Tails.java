package dev.runnel.run;

/** The last bytes of a run's output, merged and by stream; raw, cut anywhere. */
public record Tails(byte[] merged, byte[] stdout, byte[] stderr) {

  /** Nothing printed. */
  public static final Tails NONE = new Tails(new byte[0], new byte[0], new byte[0]);
}
