package dev.runnel;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Files stay short: none over 600 lines, nine of ten at most 250. */
class SourceSizeTest {
  private static final int MOST = 600;
  private static final int USUAL = 250;

  @Test
  void sourceFilesAreShort() throws IOException {
    var lines = lines(Path.of("src"));
    assertThat(lines).hasSizeGreaterThan(50);
    assertThat(tooLong(lines)).isEmpty();
  }

  @Test
  void aLongFileIsNoticedAndSoAreTooManyLongerOnes() {
    assertThat(tooLong(Map.of("a", 600))).isNotEmpty();
    assertThat(tooLong(many(19, 600))).isEmpty();
    assertThat(tooLong(many(19, 601))).hasValue("{long=601}");
    assertThat(tooLong(many(8, 251))).hasValue("{long=251}");
    assertThat(tooLong(many(9, 251))).isEmpty();
  }

  /** So many short files, and a longer one. */
  private static Map<String, Integer> many(int files, int lines) {
    var all = IntStream.range(0, files).boxed().collect(toMap(file -> "short" + file, file -> 250));
    all.put("long", lines);
    return all;
  }

  private static Optional<String> tooLong(Map<String, Integer> lines) {
    var longer = over(USUAL, lines);
    if (10 * longer.size() > lines.size()) {
      return Optional.of(longer.toString());
    }
    var longest = over(MOST, lines);
    return longest.isEmpty() ? Optional.empty() : Optional.of(longest.toString());
  }

  private static Map<String, Integer> over(int limit, Map<String, Integer> lines) {
    return lines.entrySet().stream()
        .filter(file -> file.getValue() > limit)
        .collect(toMap(Entry::getKey, Entry::getValue));
  }

  private static Map<String, Integer> lines(Path root) throws IOException {
    try (var files = Files.walk(root)) {
      return files
          .filter(Files::isRegularFile)
          .collect(toMap(Path::toString, SourceSizeTest::count));
    }
  }

  private static int count(Path file) {
    // Latin-1 reads any bytes.
    try (var lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
      return Math.toIntExact(lines.count());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
