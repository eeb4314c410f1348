package dev.runnel.system;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/** A one-line script over HTTP beside the bare interpreter. */
final class ShortRuns implements AutoCloseable {
  /** {@code argv} is what {@code name} with {@code content} comes to without Runnel. */
  record Script(String name, String content, List<String> argv) {
    static final Script BASH = new Script("hi.sh", "echo hi", List.of("bash", "-c", "echo hi"));
    static final Script PYTHON =
        new Script("hi.py", "print('hi')", List.of("python3", "-c", "print('hi')"));
    static final Script NODE =
        new Script("hi.mjs", "console.log('hi')", List.of("node", "-e", "console.log('hi')"));
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
    var body = Client.JSON.createObjectNode();
    body.put("name", script.name).put("content", script.content);
    service.client().send("POST", "/api/scripts", body.toString(), Map.of()).expect(201);
    request = Wire.request("POST", "/api/scripts/" + script.name + "/execute", service.token(), "");
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
