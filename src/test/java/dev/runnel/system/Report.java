package dev.runnel.system;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Tables of one run of the bench: Markdown for people, the same numbers as JSON for programs. */
final class Report {
  private final ObjectNode host = Client.JSON.createObjectNode();
  private final List<Table> tables = new ArrayList<>();

  Report() throws IOException {
    host.put("when", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    host.put("cores", Runtime.getRuntime().availableProcessors());
    host.put("processor", line("/proc/cpuinfo", "model name"));
    host.put("memory", line("/proc/meminfo", "MemTotal"));
    host.put("kernel", System.getProperty("os.version"));
    host.put("java", System.getProperty("java.vm.version"));
    host.put("loadBefore", Files.readString(Path.of("/proc/loadavg")).split(" ", 2)[0]);
  }

  private static String line(String file, String key) throws IOException {
    try (var lines = Files.lines(Path.of(file))) {
      return lines
          .filter(line -> line.startsWith(key))
          .findFirst()
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .orElse("");
    }
  }

  /** One table; {@code note} says how it was measured. */
  Table table(String title, String note, String... columns) {
    var table = new Table(title, note, List.of(columns), new ArrayList<>());
    tables.add(table);
    return table;
  }

  /** Rows have one cell for each column: text or a number. */
  record Table(String title, String note, List<String> columns, List<List<Object>> rows) {

    void row(Object... cells) {
      if (cells.length != columns.size()) {
        throw new IllegalArgumentException("A cell for each column");
      }
      rows.add(List.of(cells));
    }

    private String markdown() {
      return "%n## %s%n%n%s%n%n%s%s%n%s"
          .formatted(
              title,
              note,
              line(columns),
              "|---".repeat(columns.size()) + "|",
              rows.stream().map(Table::line).collect(Collectors.joining()));
    }

    private static String line(List<?> cells) {
      return cells.stream().map(Table::shown).collect(Collectors.joining(" | ", "| ", " |\n"));
    }

    private static String shown(Object cell) {
      return cell instanceof Double number
          ? String.format(Locale.ROOT, number < 100 ? "%.2f" : "%.0f", number)
          : cell.toString();
    }

    private ObjectNode json() {
      var json = Client.JSON.createObjectNode().put("title", title).put("note", note);
      var all = json.putArray("rows");
      for (var row : rows) {
        var object = all.addObject();
        for (var i = 0; i < row.size(); i++) {
          object.set(columns.get(i), Client.JSON.valueToTree(row.get(i)));
        }
      }
      return json;
    }
  }

  /** Writes {@code bench.md} and {@code bench.json} there; answers the text. */
  String write(Path folder) throws IOException {
    var text = new StringBuilder("# Bench\n\n");
    host.properties()
        .forEach(entry ->
            text.append("- ")
                .append(entry.getKey())
                .append(": ")
                .append(entry.getValue().asText())
                .append('\n'));
    var json = Client.JSON.createObjectNode();
    json.set("host", host);
    var all = json.putArray("tables");
    for (var table : tables) {
      text.append(table.markdown());
      all.add(table.json());
    }
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("bench.md"), text);
    Client.JSON
        .writerWithDefaultPrettyPrinter()
        .writeValue(folder.resolve("bench.json").toFile(), json);
    return text.toString();
  }
}
