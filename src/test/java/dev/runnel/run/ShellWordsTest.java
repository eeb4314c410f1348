package dev.runnel.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.problem.Problem;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Words as a shell splits them, without anything else that a shell does. */
class ShellWordsTest {

  static Stream<Arguments> texts() {
    return Stream.of(
        row(""),
        row(" \t\n "),
        row("fib 10", "fib", "10"),
        row("  a \t b\nc  ", "a", "b", "c"),
        row("--env \"REDIS_URL=redis://localhost/\"", "--env", "REDIS_URL=redis://localhost/"),
        row("'a b'\"c d\"e", "a bc de"),
        row("'' \"\"", "", ""),
        row("a\\ b \\' \\\\", "a b", "'", "\\"),
        row("'a\\b'", "a\\b"),
        row("\"a\\\"b\\\\c\\$d\\`e\\f\"", "a\"b\\c$d`e\\f"),
        row(
            "$HOME `id` $(id) * ~ ; a|b > c # d",
            "$HOME",
            "`id`",
            "$(id)",
            "*",
            "~",
            ";",
            "a|b",
            ">",
            "c",
            "#",
            "d"));
  }

  private static Arguments row(String text, String... words) {
    return Arguments.of(text, List.of(words));
  }

  @ParameterizedTest
  @MethodSource("texts")
  void a_text_is_split_and_nothing_is_expanded(String text, List<String> words) {
    assertThat(ShellWords.of("params", text)).isEqualTo(words);
  }

  @ParameterizedTest
  @ValueSource(strings = {"'a", "a\"b", "\"a\\\"", "a\\", "'a' '"})
  void what_does_not_end_is_refused(String text) {
    assertThatThrownBy(() -> ShellWords.of("params", text))
        .isInstanceOf(Problem.Invalid.class)
        .hasMessage("params: a quote or a backslash has no end");
  }

  @Test
  void a_call_names_its_function() {
    assertThat(new WasmCall("--reactor", "a.wasm", "'f g' 1").function()).isEqualTo("f g");
    assertThat(new WasmCall("--reactor", "a.wasm", "").function()).isEqualTo("_start");
    assertThat(new WasmCall("", "a.wasm", "f 1").function()).isEqualTo("_start");
  }
}
