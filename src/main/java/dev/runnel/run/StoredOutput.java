package dev.runnel.run;

/**
 * Output of a run as it is stored, raw bytes in the order of arrival.
 *
 * @param bytes what was asked for
 * @param totalBytes how much there is stored of what was asked for
 */
public record StoredOutput(byte[] bytes, long totalBytes) {}
