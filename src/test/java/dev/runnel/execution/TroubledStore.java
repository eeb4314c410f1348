package dev.runnel.execution;

import dev.runnel.bus.Ask;
import dev.runnel.bus.Bus;
import dev.runnel.bus.RunAsk;
import dev.runnel.bus.RunWrite;
import dev.runnel.bus.StoreAsk;
import dev.runnel.run.OutputTotals;
import dev.runnel.run.Page;
import dev.runnel.run.Run;
import dev.runnel.run.RunEvent;
import dev.runnel.run.RunStatus;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A store in memory whose troubles with the writes of runs a test sets. */
final class TroubledStore {
  final TreeMap<Long, RunEvent> events = new TreeMap<>();
  final CountDownLatch ended = new CountDownLatch(1);
  final AtomicInteger refused = new AtomicInteger();
  volatile RunWrite.@Nullable Finish end;

  /** Which writes are not taken, and what they get instead of an answer. */
  volatile Predicate<RunWrite<?>> trouble = _ -> false;

  volatile Function<RunWrite<?>, Future<?>> answer = _ -> Future.failedFuture("no trouble is set");

  void answerOn(Bus bus) {
    bus.answer(Ask.Address.STORE, StoreAsk.class, this::answer);
  }

  private synchronized Future<?> answer(StoreAsk<?> question) {
    if (question instanceof RunAsk.Events(_, var since, var maxBytes)) {
      return Future.succeededFuture(page(since, maxBytes));
    }
    if (!(question instanceof RunWrite<?> write)) {
      throw new IllegalStateException("Nobody asked that: " + question);
    }
    if (trouble.test(write)) {
      refused.incrementAndGet();
      return answer.apply(write);
    }
    return Future.succeededFuture(
        switch (write) {
          case RunWrite.BeginLife life ->
              new RunWrite.Life(new RunWrite.Lease(life.node().id(), 1), List.of());
          case RunWrite.Insert insert -> new RunWrite.Inserted(run(insert), true);
          case RunWrite.Append append -> {
            append.events().forEach(event -> events.put(event.seq(), event));
            yield true;
          }
          case RunWrite.Tail tail -> move(tail);
          case RunWrite.Finish finish -> {
            finish.events().forEach(event -> events.put(event.seq(), event));
            end = finish;
            ended.countDown();
            yield true;
          }
          case RunWrite.CountQueued _, RunWrite.EndLeft _ -> 0;
          case RunWrite.Claim _, RunWrite.Held _, RunWrite.EndOverdue _ -> List.of();
          case RunWrite.LookAround _ -> new RunWrite.Surroundings(List.of(), List.of(), Map.of());
          case RunWrite.TakeOver _ -> Optional.empty();
          case RunWrite.InsertOnce once -> new RunWrite.Inserted(run(once.insert()), true);
          case RunWrite.Renew _,
              RunWrite.EndLife _,
              RunWrite.EndQueued _,
              RunWrite.Forget _,
              RunWrite.RequestCancel _ ->
              true;
        });
  }

  private Page page(long since, int maxBytes) {
    var page = new ArrayList<RunEvent>();
    var left = maxBytes;
    for (var event : events.tailMap(since, false).values()) {
      if (left > 0) {
        page.add(event);
        left -= event.weight();
      }
    }
    return new Page(page, false);
  }

  private boolean move(RunWrite.Tail tail) {
    var gap = tail.gap();
    if (gap != null) {
      events.subMap(gap.from(), gap.seq()).clear();
      events.put(gap.seq(), gap);
      tail.events().forEach(event -> events.put(event.seq(), event));
    }
    return true;
  }

  /** How many bytes of output are stored. */
  synchronized long bytes() {
    return events.values().stream()
        .collect(
            Collectors.summingLong(
                event -> event instanceof RunEvent.Log log ? log.bytes().length : 0));
  }

  private static Run run(RunWrite.Insert insert) {
    var request = insert.request();
    var invocation = request.invocation();
    return new Run(
        insert.id(),
        1,
        request.scriptId(),
        invocation.script(),
        new Run.Request(invocation.args(), invocation.function(), invocation.timeout()),
        request.door(),
        request.trigger(),
        RunStatus.RUNNING,
        request.meta(),
        insert.now(),
        insert.now(),
        null,
        insert.now(),
        null,
        null,
        OutputTotals.NONE,
        false,
        null,
        1);
  }
}
