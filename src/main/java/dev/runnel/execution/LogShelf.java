package dev.runnel.execution;

import dev.runnel.run.Output;
import dev.runnel.run.RunEvent;
import dev.runnel.run.Tails;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides which of a run's output is kept: the first half of the cap, and a tail that is the newest
 * of the other half. Until the cap is reached all of it is due to be stored as it comes. From then
 * on each new chunk drops the oldest of the tail: the tail lives in memory, what is stored of it is
 * one stretch without holes that is moved on from time to time, and a gap says what is missing
 * before it.
 */
final class LogShelf {

  /**
   * A step of the stored tail.
   *
   * @param gap what is missing between the first half and the stored tail afterwards
   * @param events what has to be stored in addition
   */
  record Move(RunEvent.Gap gap, List<RunEvent.Log> events) {
    /** Bytes of output. */
    long bytes() {
      return events.stream().mapToLong(event -> event.bytes().length).sum();
    }
  }

  private final long half;
  private final Deque<RunEvent.Log> due = new ArrayDeque<>();
  private final Deque<LogChunk> tail = new ArrayDeque<>();
  private long headBytes;
  private long dueBytes;
  private long tailBytes;
  private long storedFrom;
  private long storedTo;
  private RunEvent.@Nullable Gap gap;

  /**
   * @param cap bytes of output to keep
   */
  LogShelf(long cap) {
    this.half = cap / 2;
  }

  /** Takes output over. True when it is due to be stored, false when it is in the tail only. */
  boolean add(LogChunk chunk) {
    var size = chunk.size();
    if (tail.isEmpty() && headBytes + size <= half) {
      headBytes += size;
    } else {
      tail.addLast(chunk);
      tailBytes += size;
      while (tailBytes > half && tail.size() > 1) {
        drop(tail.removeFirst());
      }
    }
    if (gap != null) {
      return false;
    }
    due.addLast(chunk.log());
    dueBytes += size;
    return true;
  }

  private void drop(LogChunk log) {
    var size = log.size();
    tailBytes -= size;
    gap =
        gap == null
            ? new RunEvent.Gap(log.seq(), log.at(), log.seq(), size)
            : new RunEvent.Gap(log.seq(), log.at(), gap.from(), gap.bytes() + size);
  }

  /** The next output to store, about {@code maxBytes} of it, in order. */
  List<RunEvent> take(long maxBytes) {
    var taken = new ArrayList<RunEvent>();
    long bytes = 0;
    while (!due.isEmpty() && (taken.isEmpty() || bytes < maxBytes)) {
      var log = due.removeFirst();
      taken.add(log);
      bytes += log.bytes().length;
    }
    dueBytes -= bytes;
    return taken;
  }

  long dueBytes() {
    return dueBytes;
  }

  boolean hasDue() {
    return !due.isEmpty();
  }

  /** Everything up to this number is stored or dropped, as far as it came from {@link #take}. */
  void stored(long seq) {
    storedTo = Math.max(storedTo, seq);
  }

  /** Whether one more chunk of this size would be in the tail only. */
  boolean isOverWith(int size) {
    return gap != null || headBytes + tailBytes + size > 2 * half;
  }

  /** What was dropped so far; its {@code seq} is the last missing number. */
  Optional<RunEvent.Gap> gap() {
    return Optional.ofNullable(gap);
  }

  /** Over the cap, and not all of the tail is stored. */
  boolean isTailBehind() {
    return gap != null
        && (storedTo < tail.getLast().seq()
            || storedFrom > tail.getFirst().seq()
            || storedTo < tail.getFirst().seq());
  }

  /**
   * Brings the stored tail up to the newest output: by what is new if that is little, else by a
   * jump to the newest {@code window} bytes. Over the cap only.
   */
  Move move(long window) {
    var first = tail.getFirst().seq();
    var fresh = back(Long.MAX_VALUE, storedTo, Long.MAX_VALUE);
    var few = fresh.stream().mapToLong(LogChunk::size).sum() <= window;
    if (storedTo >= first - 1 && few) {
      return move(Math.max(storedFrom, first), fresh);
    }
    var newest = back(Long.MAX_VALUE, 0, window);
    return move(newest.getFirst().seq(), newest);
  }

  private Move move(long from, List<LogChunk> chunks) {
    return new Move(gapBefore(from), chunks.stream().map(LogChunk::log).toList());
  }

  /**
   * Brings more of the tail into the store, towards all of it: the newest first, then backwards, so
   * that what is stored has no hole at any time. While {@link #isTailBehind} only.
   */
  Move catchUp(long maxBytes) {
    if (storedTo < tail.getLast().seq()) {
      return move(maxBytes);
    }
    var older = back(storedFrom, 0, maxBytes);
    return move(older.isEmpty() ? storedFrom : older.getFirst().seq(), older);
  }

  /** The move is stored. */
  void moved(Move move) {
    storedFrom = move.gap().seq() + 1;
    if (!move.events().isEmpty()) {
      storedTo = Math.max(storedTo, move.events().getLast().seq());
    }
  }

  /** Of the tail, what lies between these numbers: the newest of it, at least one if there is. */
  private List<LogChunk> back(long before, long after, long maxBytes) {
    var found = new ArrayDeque<LogChunk>();
    long bytes = 0;
    for (var newest = tail.descendingIterator(); newest.hasNext(); ) {
      var chunk = newest.next();
      var isFull = !found.isEmpty() && bytes + chunk.size() > maxBytes;
      if (chunk.seq() <= after || isFull) {
        break;
      }
      if (chunk.seq() < before) {
        found.addFirst(chunk);
        bytes += chunk.size();
      }
    }
    return List.copyOf(found);
  }

  private RunEvent.Gap gapBefore(long seq) {
    var dropped = gap().orElseThrow();
    var bytes = dropped.bytes();
    var at = dropped.at();
    for (var log : tail) {
      if (log.seq() >= seq) {
        break;
      }
      bytes += log.size();
      at = log.at();
    }
    return new RunEvent.Gap(seq - 1, at, dropped.from(), bytes);
  }

  /**
   * The newest output, at most {@code bytes} of each stream; empty until the cap is reached: then
   * the store has it. A stream that is not in the tail is empty.
   */
  Optional<Tails> tails(int bytes) {
    return gap == null
        ? Optional.empty()
        : Optional.of(
            new Tails(last(null, bytes), last(Output.STDOUT, bytes), last(Output.STDERR, bytes)));
  }

  private byte[] last(@Nullable Output output, int bytes) {
    var result = new byte[bytes];
    var free = bytes;
    for (var newest = tail.descendingIterator(); free > 0 && newest.hasNext(); ) {
      var chunk = newest.next();
      if (output == null || output == chunk.output()) {
        var size = Math.min(free, chunk.size());
        free -= size;
        System.arraycopy(chunk.log().bytes(), chunk.size() - size, result, free, size);
      }
    }
    return Arrays.copyOfRange(result, free, bytes);
  }
}
