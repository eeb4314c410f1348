package dev.runnel.config;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The texts that are generated from the record tree. */
final class OptionDocs {
  static final String BEGIN = "<!-- options -->";
  static final String END = "<!-- /options -->";
  private static final int WIDTH = 96;

  private OptionDocs() {}

  /** {@code conf/runnel.yaml}: every option as a comment that holds its default. */
  static String yaml() {
    var text = new StringBuilder();
    text.append(
        """
        # Runnel's options. Each one is a comment that shows the default: take the `#` in front of
        # `name: value` away to set it. A variable of the environment wins over this file, and
        # `--set group.name=value` on the command line over both.
        # Times are written as `250 ms`, `5 s`, `30 min`, `24 h`, `7 d`, sizes as `64 KiB`, `10 MiB`,
        # `1 GiB`. Relative paths start at the working directory.
        #
        # Generated from the record tree dev.runnel.config.Options; after a change there:
        # mvn test -Dtest=OptionDocsTest -Dupdate.docs=true
        """);
    Options.groups()
        .forEach((group, about) -> {
          text.append("\n# ").append(about).append('\n').append(group).append(":\n");
          Options.rows().stream()
              .filter(row -> row.key().startsWith(group + "."))
              .forEach(row -> text.append(entry(row)));
        });
    return text.toString();
  }

  private static String entry(OptionRow row) {
    var name = row.key().substring(row.key().indexOf('.') + 1);
    var facts = row.variable() + (row.allowed().isEmpty() ? "" : ": " + row.allowed());
    return "\n"
        + wrapped(row.meaning())
        + wrapped(facts + (row.initial().isEmpty() ? ". Unset by default." : "."))
        + "  #%s:%s%n".formatted(name, row.initial().isEmpty() ? "" : " " + scalar(row.initial()));
  }

  /** A bare star would be a reference to another place of the file. */
  private static String scalar(String text) {
    return text.startsWith("*") ? '"' + text + '"' : text;
  }

  private static String wrapped(String prose) {
    var lines = new ArrayList<StringBuilder>(List.of(new StringBuilder("  #")));
    for (var word : prose.split(" ", -1)) {
      if (lines.getLast().length() + 1 + word.length() > WIDTH) {
        lines.add(new StringBuilder("  #"));
      }
      lines.getLast().append(' ').append(word);
    }
    return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
  }

  /** The table of the README, with its markers. */
  static String table() {
    return Options.rows().stream()
        .map(row ->
            "| `%s`<br>`%s` | %s | %s | %s |\n"
                .formatted(
                    row.variable(),
                    row.key(),
                    row.initial().isEmpty() ? "unset" : "`" + row.initial() + "`",
                    row.allowed().replace("|", "\\|"),
                    row.meaning().replace("|", "\\|")))
        .collect(
            Collectors.joining(
                "",
                BEGIN + "\n\n| variable, key | default | allowed | meaning |\n|---|---|---|---|\n",
                "\n" + END));
  }

  /** The README with the table of today. */
  static String readme(String readme) {
    var begin = readme.indexOf(BEGIN);
    var end = readme.indexOf(END);
    if (begin < 0 || end < begin) {
      throw new IllegalStateException("README.md lacks " + BEGIN + " … " + END);
    }
    return readme.substring(0, begin) + table() + readme.substring(end + END.length());
  }
}
