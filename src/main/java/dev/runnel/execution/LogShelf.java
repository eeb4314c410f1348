package dev.runnel.execution;

import dev.runnel.run.RunEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides which of a run's output is kept: the first half of the cap at once, then a moving tail of
 * the other half in memory until the run ends. What falls out between them is counted.
 */
final class LogShelf {
  private final long half;
  private final Deque<RunEvent> due = new ArrayDeque<>();
  private final Deque<RunEvent.Log> tail = new ArrayDeque<>();
  private long headBytes;
  private long dueBytes;
  private long tailBytes;
  private RunEvent.@Nullable Gap gap;
  private boolean tailing;

  /**
   * @param cap bytes of output to keep
   */
  LogShelf(long cap) {
    this.half = cap / 2;
  }

  /** Takes output over. Returns how many of its bytes wait to be stored now. */
  int add(RunEvent.Log log) {
    var size = log.bytes().length;
    if (!tailing && headBytes + size <= half) {
      headBytes += size;
      due.addLast(log);
      dueBytes += size;
      return size;
    }
    tailing = true;
    tail.addLast(log);
    tailBytes += size;
    while (tailBytes > half && tail.size() > 1) {
      drop(tail.removeFirst());
    }
    return 0;
  }

  /** Ends the log: the gap, the tail, then these events, which are always kept. */
  void finish(List<RunEvent> last) {
    gap().ifPresent(due::addLast);
    due.addAll(tail);
    dueBytes += tailBytes;
    tail.clear();
    tailBytes = 0;
    due.addAll(last);
  }

  /** The next events to store, about {@code maxBytes} of them, in order. */
  List<RunEvent> take(long maxBytes) {
    var taken = new ArrayList<RunEvent>();
    long bytes = 0;
    while (!due.isEmpty() && (taken.isEmpty() || bytes < maxBytes)) {
      var event = due.removeFirst();
      taken.add(event);
      if (event instanceof RunEvent.Log log) {
        bytes += log.bytes().length;
        dueBytes -= log.bytes().length;
      }
    }
    return taken;
  }

  long dueBytes() {
    return dueBytes;
  }

  boolean hasDue() {
    return !due.isEmpty();
  }

  /** What was dropped so far; its {@code seq} is the last missing number. */
  Optional<RunEvent.Gap> gap() {
    return Optional.ofNullable(gap);
  }

  private void drop(RunEvent.Log log) {
    var size = log.bytes().length;
    tailBytes -= size;
    gap =
        gap == null
            ? new RunEvent.Gap(log.seq(), log.at(), log.seq(), size)
            : new RunEvent.Gap(log.seq(), log.at(), gap.from(), gap.bytes() + size);
  }
}
