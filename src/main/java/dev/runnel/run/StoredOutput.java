package dev.runnel.run;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Output of a run as it is stored, raw bytes in the order of arrival.
 *
 * @param bytes what was asked for
 * @param totalBytes how much there is stored of what was asked for
 * @param missing where the log limit removed something, in order
 */
public record StoredOutput(byte[] bytes, long totalBytes, List<Missing> missing) {

  /**
   * A place where output is missing.
   *
   * @param offset in the stored bytes that were asked for
   * @param bytes of both streams; 0 when that is not known
   */
  public record Missing(long offset, long bytes) {

    /**
     * The same for one stream of an ended run: of what it printed there, all that is not stored is
     * missing. While a run is active its places stay those of both streams.
     *
     * @param output null: both
     * @param stored bytes of this stream
     */
    public static List<Missing> of(
        List<Missing> ofBoth, Run run, @Nullable Output output, long stored) {
      if (output == null || !run.status().isTerminal()) {
        return ofBoth;
      }
      var bytes = run.totals().bytes(output) - stored;
      if (bytes <= 0) {
        return List.of();
      }
      var each = ofBoth.size() == 1 ? bytes : 0;
      return ofBoth.stream().map(missing -> new Missing(missing.offset, each)).toList();
    }
  }
}
