package dev.runnel.run;

import java.util.List;

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
  public record Missing(long offset, long bytes) {}
}
