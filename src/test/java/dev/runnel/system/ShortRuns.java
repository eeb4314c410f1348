package dev.runnel.system;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A one-line script over HTTP beside the bare interpreter. Both are measured in turns of {@value
 * #TURN} so that what else the machine does meets both; a round is some turns, and its ratio is
 * that of its medians.
 */
final class ShortRuns implements AutoCloseable {
  private static final int TURN = 25;

  /** {@code argv} is what {@code name} with {@code content} comes to without Runnel. */
  record Script(String name, String content, List<String> argv) {
    static final Script BASH = new Script("hi.sh", "echo hi", List.of("bash", "-c", "echo hi"));
    static final Script PYTHON =
        new Script("hi.py", "print('hi')", List.of("python3", "-c", "print('hi')"));
    static final Script NODE =
        new Script("hi.mjs", "console.log('hi')", List.of("node", "-e", "console.log('hi')"));
  }

  /**
   * One client at a time.
   *
   * @param ratios of the rounds
   * @param perRun processor time of one run
   */
  record Beside(Samples bare, Samples runnel, List<Double> ratios, CpuTimes perRun) {
    double ratio() {
      return Samples.median(ratios);
    }

    double bestRatio() {
      return Samples.least(ratios);
    }
  }

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
    bare.start(TURN, 1);
  }

  Beside oneByOne(int rounds, int turns) throws IOException {
    var bares = new ArrayList<Samples>();
    var runnels = new ArrayList<Samples>();
    var ratios = new ArrayList<Double>();
    var before = CpuTimes.of(service);
    try (var client = clients(1)) {
      for (var round = 0; round < rounds; round++) {
        for (var turn = 0; turn < turns; turn++) {
          bares.add(bare.start(TURN, 1).millis());
          runnels.add(client.ask(TURN).millis());
        }
        var from = round * turns;
        ratios.add(
            Samples.all(runnels.subList(from, from + turns)).p50()
                / Samples.all(bares.subList(from, from + turns)).p50());
      }
    }
    var perRun = CpuTimes.of(service).since(before).per(rounds * turns * TURN);
    return new Beside(Samples.all(bares), Samples.all(runnels), ratios, perRun);
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
