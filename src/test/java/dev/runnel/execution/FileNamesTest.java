package dev.runnel.execution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.execution.HostReport.Level;
import java.nio.charset.Charset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A locale that cannot write every name of a file is reported. */
class FileNamesTest {
  @ParameterizedTest
  @CsvSource({"UTF-8, GOOD", "US-ASCII, NOTE", "ISO-8859-1, NOTE"})
  void theLocaleDecides(String charset, Level level) {
    var finding = HostReport.fileNames(Charset.forName(charset));

    assertThat(finding.level()).isEqualTo(level);
    assertThat(finding.detail()).contains(charset);
    assertThat(finding.detail().contains("LC_ALL=C.UTF-8")).isEqualTo(level == Level.NOTE);
  }
}
