package dev.runnel.run;

import java.util.List;

/**
 * Where a byte of a run's stored output is.
 *
 * @param seq of the event that holds it; past all events when there is no such byte
 * @param skip bytes of that event's output before it
 * @param totalBytes how much there is stored of the stream that was asked for
 * @param missing where the log limit removed something, in order
 */
public record StoredPlace(
    long seq, int skip, long totalBytes, List<StoredOutput.Missing> missing) {}
