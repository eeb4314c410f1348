package dev.runnel.http.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.run.ResultFormat;
import dev.runnel.run.ReturnValue;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The clean result of a run. */
class ProgrammaticTest {
  private static Programmatic printed(String stdout) {
    var bytes = stdout.getBytes(StandardCharsets.UTF_8);
    return Programmatic.of(null, Console.lines(bytes, bytes.length + 1));
  }

  private static Programmatic returned(String json, ResultFormat format) {
    var lines = Console.lines("printed\n".getBytes(StandardCharsets.UTF_8), 100);
    return Programmatic.of(new ReturnValue(json, format, null), lines);
  }

  @Test
  void whatWasReturnedComesFirst() {
    assertThat(returned("\"a\\nb\"", ResultFormat.STRING))
        .isEqualTo(new Programmatic("a\nb", "return", false, "a\nb", "printed"));
    var object = returned("{\"a\":1,\"b\":[1,{}],\"c\":[]}", ResultFormat.JSON);
    assertThat(object.output())
        .isEqualTo("{\n  \"a\": 1,\n  \"b\": [\n    1,\n    {}\n  ],\n  \"c\": []\n}");
    assertThat(object.isJson()).isTrue();
    assertThat(returned("null", ResultFormat.JSON).output()).isEqualTo("null");
  }

  @Test
  void thenTheLastObjectOrArrayThatWasPrinted() {
    assertThat(printed("{\"a\":1}\n[2]\nlast\n\n"))
        .isEqualTo(new Programmatic("[2]", "console", true, "", "last"));
    assertThat(printed("{\"a\":1}" + "\nx".repeat(250)).output()).isEqualTo("x");
    assertThat(printed("{broken\n").isJson()).isFalse();
    assertThat(printed("{} {}\n").isJson()).isFalse();
  }

  @Test
  void thenTheLastLineThenNothing() {
    assertThat(printed("a\r\nb\r\n")).isEqualTo(new Programmatic("b", "console", false, "", "b"));
    assertThat(printed("42\n").isJson()).isTrue();
    assertThat(printed(" \n\n")).isEqualTo(new Programmatic("No output", "none", false, "", ""));
    assertThat(printed("")).isEqualTo(printed(" \n"));
  }

  @Test
  void aLineThatTheCutShortenedIsNoResult() {
    var tail = "\":1}\n[3]\n".getBytes(StandardCharsets.UTF_8);
    assertThat(Console.lines(tail, tail.length)).containsExactly("[3]");
    var oneLine = "end of a long line\n \n".getBytes(StandardCharsets.UTF_8);
    assertThat(Programmatic.of(null, Console.lines(oneLine, oneLine.length)).output())
        .isEqualTo("end of a long line");
    var torn = new byte[] {(byte) 0x82, (byte) 0xac, 'a'};
    assertThat(Console.text(torn, 3)).isEqualTo("a");
    assertThat(Console.text(torn, 4)).isEqualTo("\uFFFD\uFFFDa");
  }
}
