package dev.runnel.run;

import java.util.List;

/**
 * Events of one run in order, as a follower gets them.
 *
 * @param ended nothing will ever follow the last of these events
 */
public record Page(List<RunEvent> events, boolean ended) {

  /** Nothing new yet. */
  public static final Page NOTHING_YET = new Page(List.of(), false);
}
