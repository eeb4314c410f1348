package dev.runnel.http.bosbase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.problem.Problem;
import dev.runnel.run.WasmCall;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which modules and options a caller may name. */
class WasmInputTest {

  @ParameterizedTest
  @CsvSource({
    "a.wasm, a.wasm",
    "./a.wasm, a.wasm",
    "sub//./b.wasm, sub/b.wasm",
    "sub/../a.wasm, a.wasm",
    "sub/-b.wasm, sub/-b.wasm",
    "..a, ..a",
    "a b.wasm, a b.wasm",
    "a.wasm/, a.wasm"
  })
  void a_name_is_cleaned(String name, String cleaned) {
    assertThat(WasmInput.cleaned(name)).isEqualTo(cleaned);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ".",
        "..",
        "../a.wasm",
        "sub/../../a.wasm",
        "/etc/passwd",
        "//a",
        "-a.wasm",
        "./-a.wasm",
        "--reactor",
        "a\nb",
        "a\0b",
        "sub/..",
        "a/../-b"
      })
  void a_name_that_leads_elsewhere_is_refused(String name) {
    assertThatThrownBy(() -> WasmInput.cleaned(name))
        .isInstanceOf(Problem.Invalid.class)
        .hasMessage("Invalid wasm name.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "--reactor",
        "--time-limit 5",
        "--time-limit=5",
        "--memory-page-limit=3 --reactor",
        "--gas-limit '7'",
        "--reactor --reactor"
      })
  void everybody_may_give_options_that_do_no_harm(String options) {
    assertThatCode(() -> refuse(options)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--dir /:/",
        "--dir=/:/",
        "--env A=1",
        "--env=A=1",
        "--enable-all",
        "run",
        "--",
        "-v",
        "--reactor --dir /",
        "--reactor=1",
        "--time-limit",
        "--time-limit --dir",
        "--time-limit x",
        "--time-limit=",
        "--time-limit= 5",
        "--time-limit=5 x.wasm",
        "'--reactor --dir=/'",
        "''",
        "--reactors",
        "--forbidden-plugin=a"
      })
  void only_superusers_may_give_others(String options) {
    assertThatThrownBy(() -> refuse(options)).isInstanceOf(Problem.Invalid.class);
  }

  private static void refuse(String options) {
    WasmInput.refuseOptionsOfSuperusers(new WasmCall(options, "a.wasm", ""));
  }

  @ParameterizedTest
  @CsvSource({"--gas-limit 5, true", "--gas-limit=5, true", "--reactor, false", "'', false"})
  void a_limit_of_gas_is_noticed(String options, boolean noticed) {
    assertThat(WasmInput.limitsGas(new WasmCall(options, "a.wasm", ""))).isEqualTo(noticed);
  }

  @Test
  void links_must_not_lead_out_of_the_directory(@TempDir Path parent) throws Exception {
    var home = Files.createDirectory(parent.resolve("functions"));
    var outside = Files.createDirectory(parent.resolve("functions-outside"));
    Files.createFile(outside.resolve("secret.wasm"));
    Files.createFile(home.resolve("real.wasm"));
    Files.createSymbolicLink(home.resolve("inner.wasm"), Path.of("real.wasm"));
    Files.createSymbolicLink(home.resolve("file.wasm"), outside.resolve("secret.wasm"));
    Files.createSymbolicLink(home.resolve("dir"), outside);
    Files.createSymbolicLink(home.resolve("nowhere.wasm"), parent.resolve("missing"));
    var linked = Files.createSymbolicLink(parent.resolve("linked"), home);
    for (var directory : new Path[] {home, linked}) {
      for (var name : new String[] {"real.wasm", "inner.wasm", "missing.wasm", "no/such/file"}) {
        assertThatCode(() -> WasmInput.refuseEscape(directory, name)).doesNotThrowAnyException();
      }
      for (var name :
          new String[] {"file.wasm", "dir/secret.wasm", "dir/missing", "nowhere.wasm", "dir"}) {
        assertThatThrownBy(() -> WasmInput.refuseEscape(directory, name))
            .as(name)
            .isInstanceOf(Problem.Invalid.class)
            .hasMessage("Invalid wasm name.");
      }
    }
  }
}
