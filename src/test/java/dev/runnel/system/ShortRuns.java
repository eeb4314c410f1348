package dev.runnel.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A one-line script over HTTP beside the bare interpreter. */
final class ShortRuns implements AutoCloseable {
  /**
   * What is run.
   *
   * @param title what it is called in tables
   * @param name of the script; null for a shell command
   * @param argv what it comes to without Runnel
   */
  record Script(String title, @Nullable String name, String content, List<String> argv) {
    static final Script BASH = of("hi.sh", "echo hi", List.of("bash", "-c", "echo hi"));
    static final Script PYTHON =
        of("hi.py", "print('hi')", List.of("python3", "-c", "print('hi')"));
    static final Script NODE =
        of("hi.mjs", "console.log('hi')", List.of("node", "-e", "console.log('hi')"));
    static final Script COMMAND = new Script("command", null, "echo hi", BASH.argv);

    private static Script of(String name, String content, List<String> argv) {
      return new Script(argv.getFirst(), name, content, argv);
    }

    /**
     * A python script whose function is called, beside the interpreter of the service's {@code
     * .venv} with the same file; makes both.
     */
    static Script called(Path home) throws IOException {
      var text = "def main():\n    return 'hi\\n'\n";
      var file = Files.writeString(home.resolve("called.py"), text);
      return new Script(
          "call mode", "called.py", text, List.of(python(home).toString(), file.toString()));
    }

    /** The same of a script that is run as a program. */
    static Script program(Path home) throws IOException {
      var file = Files.writeString(home.resolve("program.py"), PYTHON.content);
      return new Script(
          "python of .venv",
          "program.py",
          PYTHON.content,
          List.of(python(home).toString(), file.toString()));
    }

    private static Path python(Path home) throws IOException {
      var venv = home.resolve("functions/.venv");
      if (!Files.exists(venv)) {
        var making = List.of("python3", "-m", "venv", "--without-pip", venv.toString());
        new ProcessBuilder(making).inheritIO().start().onExit().join();
      }
      return venv.resolve("bin/python");
    }

    private byte[] request(ServiceProcess service) {
      var body = Client.JSON.createObjectNode();
      if (name == null) {
        body.put("command", content);
        return Wire.request("POST", "/api/scripts/command", service.token(), body.toString());
      }
      body.put("name", name).put("content", content);
      service.client().send("POST", "/api/scripts", body.toString(), Map.of()).expect(201);
      return Wire.request("POST", "/api/scripts/" + name + "/execute", service.token(), "");
    }
  }

  /**
   * One client at a time: the bare interpreter and Runnel.
   *
   * @param perRun processor time of one run
   */
  record Beside(InTurns turns, CpuTimes perRun) {}

  /** Several at a time. */
  record AtOnce(int clients, Clients.Load bare, Clients.Load runnel, CpuTimes perRun) {}

  private final ServiceProcess service;
  private final byte[] request;
  private final BareProcesses bare;

  ShortRuns(ServiceProcess service, Script script) throws IOException {
    this.service = service;
    request = script.request(service);
    bare = new BareProcesses(script.argv);
  }

  private Clients clients(int count) throws IOException {
    return new Clients(count, service.url(), request, "\"output\":\"hi\\n\"");
  }

  /** Lets the service's compiler see the path often enough. */
  void warmUp(int runs) throws IOException {
    try (var clients = clients(8)) {
      clients.ask(runs);
    }
    bare.start(InTurns.TURN, 1);
  }

  Beside oneByOne(int rounds, int turns) throws IOException {
    try (var client = clients(1)) {
      var before = CpuTimes.of(service);
      var measured =
          InTurns.of(
              rounds,
              turns,
              count -> bare.start(count, 1).millis(),
              count -> client.ask(count).millis());
      return new Beside(measured, CpuTimes.of(service).since(before).per(measured.samples()));
    }
  }

  AtOnce atOnce(int clients, int runs) throws IOException {
    var alone = bare.start(runs, clients);
    try (var callers = clients(clients)) {
      var before = CpuTimes.of(service);
      var load = callers.ask(runs);
      return new AtOnce(clients, alone, load, CpuTimes.of(service).since(before).per(runs));
    }
  }

  @Override
  public void close() throws IOException {
    bare.close();
  }
}
