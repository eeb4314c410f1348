package dev.runnel.run;

/**
 * What became of a start that has a {@link SubmitKey}.
 *
 * @param replayed the key came before, and this is the run that it started then
 */
public record Submitted(Run run, boolean replayed) {}
