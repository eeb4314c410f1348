package dev.runnel.execution;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread that waits for many descriptors. A descriptor is closed on this thread only, so an
 * event of one that is gone can at worst wake its successor in vain.
 */
final class Reactor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Reactor.class);
  private static final int EVENTS_AT_A_TIME = 128;
  private static final int BUFFER_SIZE = 64 * 1024;

  /** Told that its descriptor is ready; may also be told in vain. */
  interface Source {
    void ready();
  }

  private final Map<Integer, Source> sources = new ConcurrentHashMap<>();
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean woken = new AtomicBoolean();
  private final Arena arena = Arena.ofShared();
  private final MemorySegment buffer = arena.allocate(BUFFER_SIZE);
  private final MemorySegment one = arena.allocateFrom(ValueLayout.JAVA_LONG, 1L);
  private final MemorySegment events = Native.allocateEvents(arena, EVENTS_AT_A_TIME);
  private final int epoll = opened(Native.epoll());
  private final int alarm = opened(Native.eventfd());
  private final Thread thread;
  private volatile boolean closed;

  Reactor(String name) {
    opened(watch(alarm, Native.EPOLLIN, this::silenceAlarm));
    thread = Thread.ofPlatform().name(name).daemon().start(this::loop);
  }

  /** Room for one read or write; only for this reactor's thread. */
  MemorySegment buffer() {
    return buffer;
  }

  /** Has {@code source} told whenever the descriptor is ready; below zero when refused. */
  int watch(int descriptor, int wanted, Source source) {
    sources.put(descriptor, source);
    int result = Native.control(epoll, Native.EPOLL_CTL_ADD, descriptor, wanted);
    if (result < 0) {
      sources.remove(descriptor);
    }
    return result;
  }

  void unwatch(int descriptor) {
    if (sources.remove(descriptor) != null) {
      Native.control(epoll, Native.EPOLL_CTL_DEL, descriptor, 0);
    }
  }

  /** Runs a task on the reactor's thread, at once when called there. */
  void run(Runnable task) {
    if (Thread.currentThread().equals(thread)) {
      task.run();
      return;
    }
    tasks.add(task);
    wake();
  }

  private synchronized void wake() {
    if (!closed && woken.compareAndSet(false, true)) {
      Native.write(alarm, one);
    }
  }

  private void silenceAlarm() {
    Native.read(alarm, buffer.asSlice(0, Long.BYTES));
    woken.set(false);
  }

  private void loop() {
    while (!closed) {
      int count = Native.awaitEvents(epoll, events);
      for (int i = 0; i < count; i++) {
        var source = sources.get(Native.eventDescriptor(events, i));
        if (source != null) {
          guarded(source::ready);
        }
      }
      for (var task = tasks.poll(); task != null; task = tasks.poll()) {
        guarded(task);
      }
    }
  }

  /** A listener's failure must not stop the reading of all other children. */
  private static void guarded(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      LOG.error("A listener of a child process failed", e);
    }
  }

  private static int opened(int result) {
    if (result < 0) {
      throw new IllegalStateException("Waiting for processes failed with error " + -result);
    }
    return result;
  }

  /** Ends the thread after the tasks that were given to it before. */
  @Override
  public void close() {
    run(() -> closed = true);
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    release();
  }

  private synchronized void release() {
    if (arena.scope().isAlive()) {
      Native.close(alarm);
      Native.close(epoll);
      arena.close();
    }
  }
}
