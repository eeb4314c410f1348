package dev.runnel.system;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.StreamSupport;

/**
 * The bare interpreter: {@code posix_spawn}, standard output read to its end through a pipe, {@code
 * waitpid}, and nothing else, in a small process that does it as often as it is told. It is Python
 * because that has {@code posix_spawn} as a plain call; a child costs the same as from C.
 */
final class BareProcesses implements AutoCloseable {
  private static final String LOOP =
      """
      import json, os, select, sys, time
      argv = sys.argv[1:]
      env = dict(os.environ)
      now = time.perf_counter
      poll = select.epoll()

      def spawn(open_):
          r, w = os.pipe2(os.O_CLOEXEC)
          begun = now()
          pid = os.posix_spawnp(argv[0], argv, env, file_actions=[(os.POSIX_SPAWN_DUP2, w, 1)])
          os.close(w)
          open_[r] = (pid, begun)
          return r

      def ended(r, open_, times):
          os.close(r)
          pid, begun = open_.pop(r)
          if os.waitpid(pid, 0)[1] != 0:
              raise SystemExit("failed")
          times.append((now() - begun) * 1e3)

      def one(times):
          open_ = {}
          r = spawn(open_)
          while os.read(r, 65536):
              pass
          ended(r, open_, times)

      def many(count, at_once, times):
          open_ = {}
          begun = 0
          while len(times) < count:
              while begun < count and len(open_) < at_once:
                  poll.register(spawn(open_), select.EPOLLIN)
                  begun += 1
              for r, _ in poll.poll():
                  if not os.read(r, 65536):
                      poll.unregister(r)
                      ended(r, open_, times)

      for line in sys.stdin:
          count, at_once = map(int, line.split())
          times = []
          start = now()
          if at_once == 1:
              for _ in range(count):
                  one(times)
          else:
              many(count, at_once, times)
          print(json.dumps({"seconds": now() - start, "times": times}), flush=True)
      """;

  private final Process process;
  private final Writer asks;
  private final BufferedReader answers;

  BareProcesses(List<String> argv) throws IOException {
    var command = new java.util.ArrayList<>(List.of("python3", "-c", LOOP));
    command.addAll(argv);
    process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    asks = process.outputWriter(StandardCharsets.US_ASCII);
    answers = process.inputReader(StandardCharsets.US_ASCII);
  }

  /** Starts {@code count} processes, so many at a time. */
  Clients.Load start(int count, int atOnce) throws IOException {
    asks.write(count + " " + atOnce + "\n");
    asks.flush();
    var line = answers.readLine();
    if (line == null) {
      throw new IOException("The loop of bare processes ended");
    }
    var answer = Client.JSON.readTree(line);
    var times =
        StreamSupport.stream(answer.get("times").spliterator(), false)
            .mapToDouble(JsonNode::asDouble)
            .toArray();
    return new Clients.Load(count, answer.get("seconds").asDouble(), Samples.of(times));
  }

  @Override
  public void close() throws IOException {
    asks.close();
    process.onExit().join();
  }
}
