package dev.runnel.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Python scripts at the BosBase door: program mode, call mode, imports. */
@ExtendWith(SharedService.class)
class PythonTest {

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          number   | def main(a, b): return int(a) + int(b)                 | 42
          text     | def main(a, b): return 'sum ' + a                      | sum 20
          nothing  | def main(a, b): print('printed')                       | printed¶
          no args  | def main(): print('printed')                           | printed¶
          json     | def main(*a): return {'n': list(a)}                    | {"n":["20","22"]}
          keyword  | def main(*, a='only'): return a                        | only
          optional | def main(a, b='', *c): return b                        | 22
          float    | def main(*a): return 1.5                               | 1.5
          unicode  | def main(*a): return ['ü', None, True]                 | ["ü",null,true]
          wrapped  | import functools¶def f(): pass¶@functools.wraps(f)¶def main(*a): return str(a) | ()
          class    | def main(*a): return 1¶class A: x = main¶print('read')    | read¶
          default  | def main(): print(1)¶def f(x=main()): pass             | 1¶
          inner    | def main(*a): return f()¶def f(): return main.__name__ | main
          async    | async def main(a, b): return a                         | 20
          guarded  | def main(): pass¶if __name__ == '__main__': print(1)   | 1¶
          used     | def main(): print('once')¶main()                       | once¶
          program  | import sys; print(sys.argv[1:])                        | ['20', '22']¶
          bom      | BOMdef main(a, b): return b                            | 22
          """)
  void theModeFollowsFromTheText(String name, String text, String expected, Client client) {
    var script = script(client, "mode-" + name.replace(' ', '-') + ".py", unescaped(text));
    for (var time = 1; time <= 2; time++) {
      var output = execute(client, script).expect(200).at("/output").asText();
      assertThat(output).as("time " + time).isEqualTo(unescaped(expected));
    }
  }

  @Test
  void aFailureHoldsTheTracebackAndAMissingFunctionTheOnesThereAre(Client client) {
    var script = script(client, "fails.py", "def other(): pass\ndef main(a, b): return 1 / 0\n");
    assertThat(execute(client, script).expect(500).at("/data/output").asText())
        .contains("ZeroDivisionError")
        .doesNotContain("call_mode");
    var body = Client.JSON.createObjectNode().put("function_name", "nope");
    assertThat(
            client
                .post("/api/scripts/" + script + "/execute", body)
                .expect(500)
                .at("/data/output")
                .asText())
        .contains("Function not found: nope")
        .contains("main, other");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"json", "inspect", "ast", "asyncio", "random", "sitecustomize", "types", "re"})
  void aScriptNamedLikeAModuleOfPythonHurtsNobodyElse(String module, Client client) {
    var own = script(client, module + ".py", "def main(): return {'own': 1}\n");
    var other =
        script(
            client,
            "beside-" + module + ".py",
            "import json, random, types, re\nprint(json.dumps(random.randint(1, 1)))\n");
    assertThat(execute(client, other).expect(200).at("/output").asText()).isEqualTo("1\n");
    if (!module.equals("re") && !module.equals("types")) {
      assertThat(run(client, own).expect(200).at("/output").asText()).isEqualTo("{\"own\":1}");
    }
    client.send("DELETE", "/api/scripts/" + own, null, Map.of()).expect(204);
  }

  @Test
  void storedScriptsCanBeImported(Client client) {
    var module = "shared_" + UUID.randomUUID().toString().replace("-", "");
    script(client, module + ".py", "def twice(x): return 2 * x\n");
    var script = script(client, "imports.py", "import " + module + " as m\nprint(m.twice(21))\n");
    assertThat(run(client, script).expect(200).at("/output").asText()).isEqualTo("42\n");
  }

  @Test
  void callModeWorksWithSpawnedProcesses(Client client) {
    var script =
        script(
            client,
            "spawns.py",
            """
            import multiprocessing
            def double(x): return 2 * x
            def main():
                with multiprocessing.get_context("spawn").Pool(1) as pool:
                    return pool.map(double, [1, 2])
            """);
    assertThat(run(client, script).expect(200).at("/output").asText()).isEqualTo("[2,4]");
  }

  private static String script(Client client, String name, String content) {
    ObjectNode body = Client.JSON.createObjectNode();
    body.put("name", name).put("content", content);
    client.post("/api/scripts", body).expect(201);
    return name;
  }

  private static Client.Reply execute(Client client, String script) {
    var body = Client.JSON.createObjectNode();
    body.putArray("arguments").add("20").add("22");
    return client.post("/api/scripts/" + script + "/execute", body);
  }

  private static Client.Reply run(Client client, String script) {
    return client.post("/api/scripts/" + script + "/execute");
  }

  private static String unescaped(String text) {
    return text.replace("¶", "\n").replace("BOM", "\ufeff");
  }
}
