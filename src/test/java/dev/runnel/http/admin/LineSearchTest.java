package dev.runnel.http.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.problem.Problem;
import dev.runnel.run.Output;
import dev.runnel.run.RunEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class LineSearchTest {
  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00.123456Z");

  @Test
  void aLineThatSpansChunksIsFoundOnceWithTheNumberThatItBeginsIn() {
    var search = new LineSearch("needle", 10);
    search.look(out(2, "hay\nnee"), 0);
    search.look(new RunEvent.Log(3, NOW, Output.STDERR, bytes("other\n")), 0);
    search.look(out(4, "dle here\nhay"), 0);
    search.closeAll();
    assertThat(search.found())
        .containsExactly(new LineSearch.Found(2, NOW, Output.STDOUT, "needle here", false));
  }

  @Test
  void theLastLineNeedsNoLineFeedAndACarriageReturnIsNoPartOfALine() {
    var search = new LineSearch("e", 10);
    search.look(out(2, "one\r\nthree"), 0);
    assertThat(search.found()).hasSize(1);
    search.closeAll();
    assertThat(search.found()).extracting(LineSearch.Found::line).containsExactly("one", "three");
  }

  @Test
  void aLongLineIsFoundOnceWhereverTheMatchIsAndShownAroundIt() {
    var search = new LineSearch("né€dle", 10);
    var line = "x".repeat(10_000) + "né€dle" + "y".repeat(90_000) + "né€dle\nend";
    var all = bytes(line);
    for (int at = 0, seq = 2; at < all.length; at += 7, seq++) {
      var chunk = Arrays.copyOfRange(all, at, Math.min(at + 7, all.length));
      assertThat(search.look(new RunEvent.Log(seq, NOW, Output.STDOUT, chunk), 0))
          .isEqualTo(chunk.length);
    }
    assertThat(search.found()).hasSize(1);
    assertThat(search.found().getFirst().seq()).isEqualTo(2);
    assertThat(search.found().getFirst().cut()).isTrue();
    assertThat(search.found().getFirst().line()).contains("né€dle").hasSizeLessThan(1_001);
  }

  @Test
  void howeverTheOutputIsCutAndWhereverTheSearchPausesTheSameLinesAreFound() {
    var random = new Random(4);
    for (var round = 0; round < 300; round++) {
      var text = text(random);
      var lines = Arrays.stream(text.split("\n")).filter(line -> line.contains("ab")).toList();
      assertThat(searched(chunks(bytes(text), random), random.nextInt(1, 4)))
          .as(text)
          .containsExactlyElementsOf(lines);
    }
  }

  @Test
  void aWordThatIsNoCursorIsRefused() {
    for (var word : List.of("", "?", "AAAA", "A".repeat(400))) {
      assertThatThrownBy(() -> SearchCursor.of(word)).isInstanceOf(Problem.Invalid.class);
    }
  }

  /** Page by page with a cursor between them, as clients do it. */
  private static List<String> searched(List<RunEvent.Log> chunks, int limit) {
    var found = new ArrayList<String>();
    var cursor = SearchCursor.start(0);
    while (true) {
      var search = new LineSearch("ab", limit);
      cursor.open().forEach(search::resume);
      var at = (int) cursor.since();
      var offset = cursor.offset();
      while (at < chunks.size() && !search.isFull()) {
        offset = search.look(chunks.get(at), offset);
        if (offset == chunks.get(at).bytes().length) {
          at++;
          offset = 0;
        }
      }
      var isOver = at == chunks.size() && search.closeAll();
      found.addAll(
          search.found().stream().map(LineSearch.Found::line).collect(Collectors.toList()));
      if (isOver) {
        return found;
      }
      var open = new EnumMap<Output, LineSearch.Open>(Output.class);
      if (search.open(Output.STDOUT) != null) {
        open.put(Output.STDOUT, search.open(Output.STDOUT));
      }
      cursor = SearchCursor.of(new SearchCursor(at, offset, open).word());
    }
  }

  private static String text(Random random) {
    return random
        .ints(random.nextInt(1, 60), 0, 5)
        .mapToObj(i -> List.of("a", "b", "\n", "€", "ab").get(i))
        .collect(Collectors.joining());
  }

  private static List<RunEvent.Log> chunks(byte[] all, Random random) {
    var chunks = new ArrayList<RunEvent.Log>();
    for (int at = 0; at < all.length; ) {
      var end = Math.min(all.length, at + random.nextInt(1, 12));
      var chunk = Arrays.copyOfRange(all, at, end);
      chunks.add(new RunEvent.Log(chunks.size() + 1, NOW, Output.STDOUT, chunk));
      at = end;
    }
    return chunks;
  }

  private static RunEvent.Log out(long seq, String text) {
    return new RunEvent.Log(seq, NOW, Output.STDOUT, bytes(text));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
