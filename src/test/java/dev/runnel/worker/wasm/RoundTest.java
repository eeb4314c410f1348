package dev.runnel.worker.wasm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the command line {@code wasmedge} means to the built-in runtime. */
class RoundTest {
  private static final Path MODULES = Path.of("src", "test", "resources", "wasm").toAbsolutePath();
  private static final Pattern BLANK = Pattern.compile(" ");
  private static final Pattern TAB = Pattern.compile("\t");

  private static final int PAGES = 1024;
  private static final Modules COMPILED = new Modules();

  @TempDir Path directory;

  private record Seen(Word.Ended end, String out, String err) {}

  private Seen run(List<String> options, String wasm, List<String> params) throws Exception {
    return run(new Order(MODULES.toString(), options, wasm, params, PAGES, 0));
  }

  private static Seen run(Order order) throws Exception {
    var sent = new ByteArrayOutputStream();
    order.write(new DataOutputStream(sent));
    var received = Order.read(in(sent));
    assertThat(received).isEqualTo(order);
    var said = new ByteArrayOutputStream();
    var speaker = new Speaker(new DataOutputStream(said));
    speaker.end(new Round(received, COMPILED, speaker, 1 << 20).play());
    var texts = new StringBuilder[] {new StringBuilder(), new StringBuilder()};
    var words = in(said);
    while (true) {
      switch (Word.read(words)) {
        case Word.Begun _ -> throw new AssertionError("that is for the worker to say");
        case Word.Printed(var error, var bytes) ->
            texts[error ? 1 : 0].append(new String(bytes, StandardCharsets.UTF_8));
        case Word.Ended end -> {
          assertThat(words.available()).as("nothing after the end").isZero();
          return new Seen(end, texts[0].toString(), texts[1].toString());
        }
      }
    }
  }

  private static DataInputStream in(ByteArrayOutputStream bytes) {
    return new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()));
  }

  private static List<String> words(String text) {
    return text == null ? List.of() : List.of(BLANK.split(text));
  }

  @ParameterizedTest
  @CsvSource({
    "add 2 40, 42",
    "add -2 1, 4294967295",
    "add 4294967295 2, 1",
    "long -1, 18446744073709551615",
    "long 9223372036854775808, 9223372036854775808",
    "half 3, 1.5",
    "half 2, 1",
    "half 0.2, 0.1",
    "half -inf, -inf",
    "half -0, -0",
    "third 1, 0.3333333333333333",
    "third 3e22, 1e+22",
    "third 3e-7, 1e-07",
    "third 30000000000, 10000000000",
    "third NaN, nan",
  })
  void returned_values_are_printed_as_wasmedge_does(String params, String printed)
      throws Exception {
    var seen = run(List.of("--reactor"), "sums.wasm", words(params));
    assertThat(seen.err).isEmpty();
    assertThat(seen.out).isEqualTo(printed + "\n");
    assertThat(seen.end.code()).isZero();
  }

  @Test
  void several_values_have_a_line_each_and_none_has_none() throws Exception {
    assertThat(run(List.of("--reactor"), "sums.wasm", List.of("two")).out)
        .isEqualTo("1\n18446744073709551615\n");
    assertThat(run(List.of("--reactor"), "sums.wasm", List.of("nothing")))
        .matches(seen -> seen.out.isEmpty() && seen.end.code() == 0);
  }

  @ParameterizedTest
  @CsvSource({
    "unreachable, sums.wasm trapped: unreachable executed",
    "divide 1 0, sums.wasm trapped: integer divide by zero",
    "divide -2147483648 -1, sums.wasm trapped: integer overflow",
    "outside, sums.wasm trapped: out of bounds memory access",
    "deep 0, sums.wasm trapped: call stack exhausted",
  })
  void a_trap_is_named_and_aborts(String params, String message) throws Exception {
    var seen = run(List.of("--reactor"), "sums.wasm", words(params));
    assertThat(seen.err).startsWith("wasm: " + message);
    assertThat(seen.end.code()).isEqualTo(134);
    assertThat(seen.end.worn()).isEqualTo(params.startsWith("deep"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--reactor|sums.wasm|sub 1 2|sums.wasm exports no function sub; it exports add, long",
        "--reactor|sums.wasm||--reactor needs the name of a function as the first parameter",
        "|sums.wasm||sums.wasm has no _start: name one of its functions as the first parameter",
        "--reactor|sums.wasm|add 1|add takes 2 arguments (i32, i32), not 1",
        "--reactor|sums.wasm|add 1 2 3|add takes 2 arguments (i32, i32), not 3",
        "--reactor|sums.wasm|add 1 x|argument 2 of add must be of type i32, not x",
        "--reactor|sums.wasm|add 1 4294967296|argument 2 of add must be of type i32",
        "--reactor|sums.wasm|long 18446744073709551616|argument 1 of long must be of type i64",
        "--reactor|sums.wasm|half x|argument 1 of half must be of type f32",
        "|sums.wat||sums.wat is no WebAssembly module: its magic is not \\0asm",
        "|none.wasm||there is no file",
        "|.||",
        "--fast|sums.wasm||unknown option --fast; known are --reactor, --env NAME=VALUE",
        "fast|sums.wasm||unknown option fast",
        "--gas-limit 5|sums.wasm||--gas-limit needs wasmedge",
        "--gas-limit=5|sums.wasm||--gas-limit needs wasmedge",
        "--time-limit|sums.wasm||--time-limit needs a value",
        "--time-limit x|sums.wasm||--time-limit needs a number from 0, not x",
        "--time-limit -1|sums.wasm||--time-limit needs a number from 0, not -1",
        "--reactor=yes|sums.wasm||--reactor takes no value",
        "--env NAME|sums.wasm||--env needs NAME=VALUE, not NAME",
        "--env =x|sums.wasm||--env needs NAME=VALUE, not =x",
        "--dir a:|sums.wasm||--dir needs GUEST:HOST or a directory, not a:",
        "--dir /:no-such|sums.wasm||--dir: there is no directory",
        "--memory-page-limit 0|sums.wasm|add 1 2|sums.wasm needs 1 pages of memory at its start",
      })
  void what_cannot_be_done_is_refused_with_a_reason(
      String options, String wasm, String params, String message) throws Exception {
    var seen = run(words(options), wasm, words(params));
    assertThat(seen.err).startsWith("wasm: " + (message == null ? "" : message)).endsWith("\n");
    assertThat(seen.out).isEmpty();
    assertThat(seen.end).isEqualTo(new Word.Ended(1, seen.end.cpuNanos(), Word.Limit.NONE, false));
  }

  @Test
  void a_module_that_is_cut_short_is_refused() throws Exception {
    var whole = Files.readAllBytes(MODULES.resolve("sums.wasm"));
    var file = Files.write(directory.resolve("half.wasm"), Arrays.copyOf(whole, 100));
    var seen = run(List.of("--reactor"), file.toString(), List.of("add", "1", "2"));
    assertThat(seen.err).startsWith("wasm: half.wasm is no valid WebAssembly module: ");
    assertThat(seen.end.code()).isEqualTo(1);
  }

  @Test
  void a_module_with_other_imports_is_refused() throws Exception {
    // (module (import "env" "foo" (func)) (func (export "_start")))
    var bytes =
        HexFormat.of()
            .parseHex(
                "0061736d0100000001040160000002"
                    + "0b0103656e7603666f6f0000"
                    + "03020100070a01065f737461727400010a040102000b");
    var file = Files.write(directory.resolve("imports.wasm"), bytes);
    assertThat(run(List.of(), file.toString(), List.of()).err)
        .isEqualTo(
            "wasm: imports.wasm imports what the built-in runtime does not have: env.foo;"
                + " it offers wasi_snapshot_preview1\n");
  }

  @Test
  void a_file_that_has_changed_is_read_again() throws Exception {
    var file = directory.resolve("m.wasm");
    Files.copy(MODULES.resolve("echo.wasm"), file);
    assertThat(run(List.of(), file.toString(), List.of()).out).isEqualTo("m.wasm\n");
    Files.write(file, Files.readAllBytes(MODULES.resolve("sums.wasm")));
    assertThat(run(List.of(), file.toString(), List.of("add", "1", "2")).out).isEqualTo("3\n");
  }

  @Test
  void a_command_gets_its_words_and_nothing_of_the_hosts_environment() throws Exception {
    var options = List.of("--env", "A=1", "--env=B=x=y z", "--env", "C=");
    var seen = run(options, "echo.wasm", List.of("a b", "", "--env"));
    assertThat(TAB.split(seen.out.replace('\n', '\t'), -1))
        .containsExactly("echo.wasm", "a b", "", "--env", "A=1", "B=x=y z", "C=", "");
    assertThat(seen.err).isEqualTo("done\n");
    assertThat(seen.end.code()).as("what proc_exit said").isEqualTo(4);
    assertThat(seen.end.worn()).isFalse();
  }

  @Test
  void files_are_there_only_in_the_directories_that_were_given() throws Exception {
    Files.writeString(directory.resolve("note.txt"), "a note");
    for (var option : List.of("/:" + directory, "some/name:" + directory, directory.toString())) {
      assertThat(run(List.of("--dir", option), "files.wasm", List.of()).out).isEqualTo("a note");
    }
    var relative = new ArrayList<>(List.of("--dir=/:inner"));
    Files.createDirectory(directory.resolve("inner"));
    var module = MODULES.resolve("files.wasm").toString();
    var seen = run(new Order(directory.toString(), relative, module, List.of(), PAGES, 0));
    assertThat(seen.end.code()).as("ENOENT: the note is outside").isEqualTo(44);
    assertThat(run(List.of(), "files.wasm", List.of()).end.code()).as("EBADF").isEqualTo(8);
  }

  @ParameterizedTest
  @CsvSource({
    "note, read, note", "to-note, read, note", "to-inner/deep, read, deep", "to-note/, read, note",
    "inner/up, read, ", "to-secret, read, ", "inner/to-all/secret, read, ", "loop, read, ",
    "nowhere, read, ", "outside, write, ", "inner/to-all/new, write, ", "inner/new, write, made",
    "to-inner/new, write, made", "to-note, write, made", "../secret, read, ",
        "inner/../note, read, note",
  })
  void links_are_followed_where_they_stay_in_the_directory(String path, String how, String printed)
      throws Exception {
    var box = Files.createDirectories(directory.resolve("box").resolve("inner")).getParent();
    Files.writeString(directory.resolve("secret"), "secret");
    Files.writeString(box.resolve("note"), "note");
    Files.writeString(box.resolve("inner").resolve("deep"), "deep");
    for (var link :
        List.of(
            "to-note note",
            "to-inner inner",
            "inner/up ../../secret",
            "to-secret " + directory.resolve("secret"),
            "inner/to-all " + directory,
            "loop loop",
            "nowhere missing",
            "outside ../made")) {
      var ends = words(link);
      Files.createSymbolicLink(box.resolve(ends.getFirst()), Path.of(ends.getLast()));
    }
    var params = how.equals("write") ? List.of(path, how) : List.of(path);
    var seen = run(List.of("--dir", "/:" + box), "links.wasm", params);
    assertThat(seen.end.code() == 0 ? seen.out : null).isEqualTo(printed);
    assertThat(seen.end.worn()).isFalse();
    assertThat(directory).isDirectoryNotContaining("glob:**/{made,new}");
  }

  @ParameterizedTest
  @CsvSource({"forever", "count 9000000000000000", "add 1 2"})
  void the_time_limit_ends_what_takes_longer(String params) throws Exception {
    var quick = params.startsWith("add");
    var options = List.of("--reactor", quick ? "--time-limit=20000" : "--time-limit=50");
    var seen = run(options, "sums.wasm", words(params));
    assertThat(seen.err).isEqualTo(quick ? "" : "wasm: ended by --time-limit after 50 ms\n");
    assertThat(seen.end.code()).isEqualTo(quick ? 0 : 134);
  }

  @Test
  void the_time_limit_ends_what_prints_without_end() throws Exception {
    run(List.of(), "files.wasm", List.of()); // it is compiled then
    var seen = run(List.of("--time-limit", "200"), "files.wasm", List.of("x"));
    assertThat(seen.out).startsWith("more\nmore\n");
    assertThat(seen.err).isEqualTo("wasm: ended by --time-limit after 200 ms\n");
  }

  @Test
  void the_limit_of_processor_time_ends_what_takes_more() throws Exception {
    var order =
        new Order(
            MODULES.toString(), List.of("--reactor"), "sums.wasm", List.of("forever"), PAGES, 50);
    var end = run(order).end;
    assertThat(end.limit()).isEqualTo(Word.Limit.CPU);
    assertThat(end.worn()).isTrue();
    assertThat(end.cpuNanos()).isGreaterThanOrEqualTo(50_000_000);
  }

  @ParameterizedTest
  @CsvSource({"100, 97", "5000, 1009"})
  void memory_grows_to_the_lower_limit(int limit, int pages) throws Exception {
    var options = List.of("--reactor", "--memory-page-limit", Integer.toString(limit));
    assertThat(run(options, "sums.wasm", List.of("hog")).out).isEqualTo(pages + "\n");
  }
}
