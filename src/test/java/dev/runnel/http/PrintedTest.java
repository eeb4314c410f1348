package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.run.Output;
import dev.runnel.run.OutputTotals;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What whoever waited for a run gets of its output. */
class PrintedTest {
  private static boolean add(Printed printed, Output output, String text) {
    return printed.add(output, text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aGapIsMarkedInTheStreamsThatLostSomething() {
    var printed = new Printed(60);
    assertThat(add(printed, Output.STDOUT, "head\n")).isTrue();
    printed.gap(30);
    assertThat(add(printed, Output.STDERR, "end\n")).isTrue();
    assertThat(add(printed, Output.STDOUT, "much more than that\n")).isFalse();
    printed.end();

    assertThat(printed.merged()).startsWith("head\n").contains("[30 bytes").endsWith("\nend\n");
    var noise = new OutputTotals(35, 4, null, null, 3);
    assertThat(printed.stdout(noise)).isEqualTo("head\n\n[30 bytes of output are left out here]\n");
    assertThat(printed.stderr(noise)).isEqualTo("end\n");
    var both = new OutputTotals(25, 14, null, null, 3);
    assertThat(printed.stdout(both)).contains("[20 bytes");
    assertThat(printed.stderr(both)).contains("[10 bytes").endsWith("\nend\n");
  }
}
