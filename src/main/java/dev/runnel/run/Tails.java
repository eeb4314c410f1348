package dev.runnel.run;

/** The last bytes of a run's output, merged and by stream; raw, cut anywhere. */
public record Tails(byte[] merged, byte[] stdout, byte[] stderr) {

  /** Nothing printed. */
  public static final Tails NONE = new Tails(new byte[0], new byte[0], new byte[0]);

  /** These, and the older ones of a stream that has none here. */
  public Tails orElse(Tails older) {
    return new Tails(
        merged.length == 0 ? older.merged : merged,
        stdout.length == 0 ? older.stdout : stdout,
        stderr.length == 0 ? older.stderr : stderr);
  }
}
