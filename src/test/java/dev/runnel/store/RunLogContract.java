package dev.runnel.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.bus.RunAsk;
import dev.runnel.bus.RunWrite;
import dev.runnel.run.Output;
import dev.runnel.run.OutputTotals;
import dev.runnel.run.Run;
import dev.runnel.run.RunEvent;
import dev.runnel.run.RunStatus;
import dev.runnel.run.StoredOutput;
import dev.runnel.run.StoredPlace;
import dev.runnel.run.Tails;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Stored events and output. */
abstract class RunLogContract extends StoreContract {
  private static final int CHUNK = 64 << 10;

  @SuppressWarnings("NullAway.Init") // set before every test
  private RunWrite.Lease lease;

  @BeforeAll
  void begin() {
    lease = Starts.life(store);
  }

  @Test
  void bytesComeBackAsTheyWereWritten() {
    var bytes = new byte[256];
    for (var i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) i;
    }
    var run = Starts.running(store, lease);
    append(run, new RunEvent.Log(2, Instant.now(), Output.STDERR, bytes));

    var page = store.ask(new RunAsk.Events(run.id(), 1, 1_000));

    assertThat(((RunEvent.Log) page.events().getFirst()).bytes()).isEqualTo(bytes);
    assertThat(((RunEvent.Log) page.events().getFirst()).output()).isEqualTo(Output.STDERR);
    assertThat(page.ended()).isFalse();
  }

  @Test
  void pagesOfBigChunksHoldWhatFitsAndAlwaysOneEvent() {
    var run = Starts.running(store, lease);
    var random = new Random(1);
    for (var seq = 2; seq < 22; seq++) {
      append(run, chunk(seq, Output.STDOUT, random, CHUNK));
    }
    store.ask(Starts.finish(run, lease, RunStatus.SUCCEEDED, 22, List.of()));

    assertThat(store.ask(new RunAsk.Events(run.id(), 1, 10)).events()).hasSize(1);
    assertThat(store.ask(new RunAsk.Events(run.id(), 1, 3 * CHUNK + 1)).events()).hasSize(3);

    var seen = new ArrayList<Long>();
    var pages = 0;
    var ended = false;
    while (!ended) {
      var since = seen.isEmpty() ? 0 : seen.getLast();
      var page = store.ask(new RunAsk.Events(run.id(), since, 4 * CHUNK));
      page.events().forEach(event -> seen.add(event.seq()));
      ended = page.ended();
      assertThat(++pages).isLessThan(10);
    }
    assertThat(seen).hasSize(23).isSorted().doesNotHaveDuplicates();
    assertThat(seen.getLast()).isEqualTo(23);
    assertThat(store.ask(new RunAsk.Events(run.id(), 23, 4 * CHUNK)).events()).isEmpty();
  }

  @Test
  void manySmallEventsAreReadInPages() {
    var run = Starts.running(store, lease);
    var events = new ArrayList<RunEvent>();
    for (var seq = 2; seq < 5_002; seq++) {
      events.add(Starts.log(seq, Output.STDOUT, seq + "\n"));
    }
    assertThat(store.ask(new RunWrite.Append(run.id(), lease, events))).isTrue();

    long since = 1;
    while (since < 5_001) {
      var page = store.ask(new RunAsk.Events(run.id(), since, CHUNK));
      assertThat(page.events().getFirst().seq()).isEqualTo(since + 1);
      since = page.events().getLast().seq();
    }
    assertThat(since).isEqualTo(5_001);
  }

  @Test
  void aRangeOfTheLogIsCutOutOfItsChunks() {
    var run = Starts.running(store, lease);
    var random = new Random(2);
    var merged = new ByteArrayOutputStream();
    var stderr = new ByteArrayOutputStream();
    for (var seq = 2; seq < 20; seq++) {
      var output = seq % 3 == 0 ? Output.STDERR : Output.STDOUT;
      var chunk = chunk(seq, output, random, seq % 2 == 0 ? CHUNK : seq);
      append(run, chunk);
      merged.writeBytes(chunk.bytes());
      if (output == Output.STDERR) {
        stderr.writeBytes(chunk.bytes());
      }
    }

    var all = merged.size();
    assertRange(run, null, merged, 0, all);
    assertRange(run, null, merged, 0, 1);
    assertRange(run, null, merged, CHUNK - 1, 2);
    assertRange(run, null, merged, CHUNK, CHUNK + 3);
    assertRange(run, null, merged, all - 5, 5);
    assertRange(run, null, merged, all - 5, 500);
    assertRange(run, null, merged, all, 10);
    assertRange(run, null, merged, all + 100, 10);
    assertRange(run, Output.STDERR, stderr, 10, CHUNK);
    assertRange(run, Output.STDERR, stderr, 0, Integer.MAX_VALUE);
  }

  @Test
  void theLogOfARunWithoutOutputIsEmpty() {
    var stored = store.ask(new RunAsk.Log(UUID.randomUUID(), null, 0, 10));

    assertThat(stored.bytes()).isEmpty();
    assertThat(stored.totalBytes()).isZero();
  }

  @Test
  void theLastOutputIsMergedAndByStream() {
    var chatty = Starts.running(store, lease);
    append(chatty, Starts.log(2, Output.STDERR, "early error\n"));
    for (var seq = 3; seq < 60; seq++) {
      append(chatty, Starts.log(seq, Output.STDOUT, "line " + seq + "\n"));
    }
    var big = Starts.running(store, lease);
    var chunk = chunk(2, Output.STDOUT, new Random(3), CHUNK);
    append(big, chunk);
    var silent = Starts.running(store, lease);

    var tails = store.ask(new RunAsk.LastOutput(List.of(chatty.id(), big.id(), silent.id()), 20));

    assertThat(tails).hasSize(3);
    assertThat(text(tails.get(chatty.id()).merged())).isEqualTo(" 57\nline 58\nline 59\n");
    assertThat(text(tails.get(chatty.id()).stdout())).isEqualTo(" 57\nline 58\nline 59\n");
    assertThat(text(tails.get(chatty.id()).stderr())).isEqualTo("early error\n");
    assertThat(tails.get(big.id()).stdout())
        .isEqualTo(Arrays.copyOfRange(chunk.bytes(), CHUNK - 20, CHUNK));
    assertThat(tails.get(big.id()).stderr()).isEmpty();
    assertThat(tails.get(silent.id())).isEqualTo(Tails.NONE);
  }

  @Test
  void theTailOverTheLimitIsMovedAndTheGapAndTheRecordMoveWithIt() {
    var run = Starts.running(store, lease);
    append(run, Starts.log(2, Output.STDOUT, "head\n"));
    append(run, Starts.log(3, Output.STDOUT, "gone\n"));
    append(run, Starts.log(4, Output.STDERR, "old\n"));

    var jump = tail(run, new RunEvent.Gap(8, Instant.now(), 3, 30), 10, "nine\n", "ten\n");
    assertThat(store.ask(jump)).isTrue();
    assertThat(store.ask(jump)).as("its first answer may have been lost").isTrue();
    assertThat(text(run)).isEqualTo("head\n[3-8: 30]nine\nten\n");
    var record = store.ask(new RunAsk.Find(run.id())).orElseThrow();
    assertThat(record.totals()).isEqualTo(jump.totals());
    assertThat(record.logTruncated()).isTrue();
    assertThat(record.lastSeq()).isEqualTo(10);
    var tails = store.ask(new RunAsk.LastOutput(List.of(run.id()), 100)).get(run.id());
    assertThat(text(tails.merged())).as("not over the gap").isEqualTo("nine\nten\n");
    assertThat(store.ask(new RunAsk.Log(run.id(), null, 0, 100)).missing())
        .containsExactly(new StoredOutput.Missing(5, 30));

    var back = tail(run, new RunEvent.Gap(6, Instant.now(), 3, 20), 8, "seven\n", "eight\n");
    assertThat(store.ask(back)).isTrue();
    assertThat(text(run)).isEqualTo("head\n[3-6: 20]seven\neight\nnine\nten\n");

    var recordOnly = tail(run, null, 20);
    assertThat(store.ask(recordOnly)).isTrue();
    assertThat(text(run)).isEqualTo("head\n[3-6: 20]seven\neight\nnine\nten\n");
    assertThat(store.ask(new RunAsk.Find(run.id())).orElseThrow().lastSeq()).isEqualTo(20);

    var inside = store.ask(new RunAsk.Events(run.id(), 4, 1_000)).events().getFirst();
    assertThat(inside).isEqualTo(new RunEvent.Gap(6, inside.at(), 5, 0));
    assertThat(store.ask(Starts.finish(run, lease, RunStatus.SUCCEEDED, 21, List.of()))).isTrue();
    assertThat(store.ask(jump)).as("it has ended").isFalse();
    assertThat(text(run)).isEqualTo("head\n[3-6: 20]seven\neight\nnine\nten\n");
  }

  @Test
  void aByteOfTheLogIsFound() {
    var run = Starts.running(store, lease);
    append(run, Starts.log(2, Output.STDOUT, "abc"));
    append(run, Starts.log(3, Output.STDERR, "DEF"));
    append(run, Starts.log(4, Output.STDOUT, "ghi"));

    assertThat(store.ask(new RunAsk.Place(run.id(), null, 4)))
        .isEqualTo(new StoredPlace(3, 1, 9, List.of()));
    assertThat(store.ask(new RunAsk.Place(run.id(), Output.STDOUT, 3)))
        .isEqualTo(new StoredPlace(4, 0, 6, List.of()));
    assertThat(store.ask(new RunAsk.Place(run.id(), Output.STDERR, 3)))
        .isEqualTo(new StoredPlace(Long.MAX_VALUE, 0, 3, List.of()));
  }

  /** A step of the stored tail whose last new line has this number. */
  private RunWrite.Tail tail(Run run, RunEvent.@Nullable Gap gap, long last, String... lines) {
    var events = new ArrayList<RunEvent.Log>();
    for (var i = 0; i < lines.length; i++) {
      events.add(Starts.log(last - lines.length + 1 + i, Output.STDOUT, lines[i]));
    }
    var now = Instant.now().truncatedTo(ChronoUnit.MICROS);
    var totals = new OutputTotals(40 + last, 4, "ab", "cd", last);
    return new RunWrite.Tail(run.id(), lease, gap, events, totals, now, last);
  }

  private String text(Run run) {
    var text = new StringBuilder();
    for (var event : store.ask(new RunAsk.Events(run.id(), 1, 10_000)).events()) {
      switch (event) {
        case RunEvent.Log log -> text.append(text(log.bytes()));
        case RunEvent.Gap gap ->
            text.append("[%d-%d: %d]".formatted(gap.from(), gap.seq(), gap.bytes()));
        case RunEvent.Status _, RunEvent.Result _, RunEvent.Done _ -> {}
      }
    }
    return text.toString();
  }

  private void assertRange(
      Run run, @Nullable Output output, ByteArrayOutputStream whole, int offset, int limit) {
    var stored = store.ask(new RunAsk.Log(run.id(), output, offset, limit));
    var bytes = whole.toByteArray();
    var from = Math.min(offset, bytes.length);
    var to = (int) Math.min((long) offset + limit, bytes.length);
    assertThat(stored.totalBytes()).isEqualTo(bytes.length);
    assertThat(stored.bytes()).isEqualTo(Arrays.copyOfRange(bytes, from, Math.max(from, to)));
  }

  private void append(Run run, RunEvent event) {
    assertThat(store.ask(new RunWrite.Append(run.id(), lease, List.of(event)))).isTrue();
  }

  private static RunEvent.Log chunk(long seq, Output output, Random random, int size) {
    var bytes = new byte[size];
    random.nextBytes(bytes);
    return new RunEvent.Log(seq, Instant.now(), output, bytes);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
