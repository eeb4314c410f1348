package dev.runnel.execution;

import java.util.regex.Pattern;

/**
 * Whether the kernel has just ended a process for want of memory, anywhere on this host: what tells
 * a run that it killed from one that somebody else did.
 */
final class OomKills {
  private static final Pattern COUNT = Pattern.compile("^oom_kill (\\d+)$", Pattern.MULTILINE);

  private final String file;
  private long older;
  private long newer;

  OomKills() {
    this("/proc/vmstat");
  }

  OomKills(String file) {
    this.file = file;
    forget();
  }

  /** What has happened so far is not of interest. */
  synchronized void forget() {
    newer = count();
    older = newer;
  }

  /** A step in time: what happened before the last one is not of interest any more. */
  synchronized void step() {
    older = newer;
    newer = count();
  }

  /** Whether there were any within the last one or two steps. */
  synchronized boolean recently() {
    return count() > older;
  }

  private long count() {
    var text = Proc.text(file);
    var found = text == null ? null : COUNT.matcher(text);
    return found != null && found.find() ? Long.parseLong(found.group(1)) : 0;
  }
}
