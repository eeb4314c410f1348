package dev.runnel.execution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.bus.Ask;
import dev.runnel.bus.Bus;
import dev.runnel.bus.RunAsk;
import dev.runnel.bus.StoreAsk;
import dev.runnel.config.Options;
import dev.runnel.run.Door;
import dev.runnel.run.Meta;
import dev.runnel.run.Outcome;
import dev.runnel.run.OutputTotals;
import dev.runnel.run.Page;
import dev.runnel.run.Run;
import dev.runnel.run.RunEvent;
import dev.runnel.run.RunStatus;
import dev.runnel.run.ScriptStamp;
import dev.runnel.run.Trigger;
import dev.runnel.script.Language;
import dev.runnel.script.Runner;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run may end between two looks at the store. */
class LateEventsTest {
  private static final UUID RUN = UUID.randomUUID();
  private static final Page LAST =
      new Page(
          List.of(new RunEvent.Done(5, Instant.EPOCH, RunStatus.SUCCEEDED, 0, OutputTotals.NONE)),
          true);

  @TempDir Path directory;
  private final Vertx vertx = Vertx.vertx();
  private final Queue<Page> stored = new ArrayDeque<>();
  private RunStatus status = RunStatus.SUCCEEDED;
  private Runnable whileAsked = () -> {};
  private Followers followers;

  @AfterEach
  void close() {
    vertx.close().await();
  }

  @BeforeEach
  void follow() {
    var bus = Bus.of(vertx);
    bus.answer(Ask.Address.STORE, StoreAsk.class, this::answer).completion().await();
    var options = Options.load(directory, null, Map.of(), Map.of());
    followers =
        new Followers(
            new Engine(
                vertx, vertx.getOrCreateContext(), options, bus, null, InstantSource.system()));
  }

  private Page after(long since) throws Exception {
    return followers
        .eventsAfter(RUN, since, 1_000, Duration.ofSeconds(20))
        .await(20, TimeUnit.SECONDS);
  }

  private Future<?> answer(StoreAsk<?> question) {
    return switch (question) {
      case RunAsk.Events _ -> Future.succeededFuture(stored.remove());
      case RunAsk.Find _ -> {
        whileAsked.run();
        yield Future.succeededFuture(Optional.of(record()));
      }
      default -> throw new IllegalStateException("Nobody asked that: " + question);
    };
  }

  private Run record() {
    var then = Instant.EPOCH;
    return new Run(
        RUN,
        1,
        null,
        new ScriptStamp("a", "a", "a", Language.BASH, Runner.HOST, 1, ""),
        new Run.Request(List.of(), null, Duration.ofSeconds(1)),
        Door.BOSBASE,
        Trigger.API,
        status,
        new Meta("guest", null, "bosbase", null, null, null),
        then,
        then,
        then,
        then,
        new Outcome(RunStatus.SUCCEEDED, null, 0, null, null, 0, null, null),
        null,
        OutputTotals.NONE,
        false,
        null,
        5);
  }

  @Test
  void the_last_events_of_a_run_that_ended_meanwhile_are_not_missed() throws Exception {
    stored.add(Page.NOTHING_YET);
    stored.add(LAST);
    assertThat(after(1)).isEqualTo(LAST);
  }

  @Test
  void a_run_that_began_meanwhile_is_followed_from_its_feed() throws Exception {
    var begun = new RunEvent.Status(2, Instant.EPOCH, RunStatus.RUNNING, null);
    var feed = new RunFeed(1_000);
    feed.add(begun);
    status = RunStatus.QUEUED;
    whileAsked = () -> followers.add(RUN, feed);
    stored.add(Page.NOTHING_YET);
    assertThat(after(1)).isEqualTo(new Page(List.of(begun), false));
  }

  @Test
  void after_the_end_there_is_nothing_more() throws Exception {
    stored.add(Page.NOTHING_YET);
    stored.add(Page.NOTHING_YET);
    assertThat(after(5)).isEqualTo(new Page(List.of(), true));
  }
}
