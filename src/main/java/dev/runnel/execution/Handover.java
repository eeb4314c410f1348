package dev.runnel.execution;

import dev.runnel.execution.Interpreter.Ahead;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How a process that was started ahead of need takes the place of a launch.
 *
 * @param kind how such a process is started
 * @param job what it is told; see {@link Ahead}
 */
record Handover(Launch kind, byte[] job) {

  /** What fits into a pipe at once; more arguments are left to a start of their own. */
  private static final int LONGEST_JOB = 32 * 1024;

  /**
   * The same as this launch; empty when there is too much to tell.
   *
   * @param reserved the variables that differ from run to run
   */
  static Optional<Handover> of(Ahead ahead, Launch launch, Set<String> reserved) {
    var job = message(ahead, launch.environment(), reserved);
    if (job.length > LONGEST_JOB) {
      return Optional.empty();
    }
    var before = new HashMap<>(launch.environment());
    before.keySet().removeAll(reserved);
    before.put(Launch.RUN_ID, Ahead.NO_RUN);
    var kind = new Launch(ahead.argv(), before, launch.workingDirectory(), null, launch.limits());
    return Optional.of(new Handover(kind, job));
  }

  private static byte[] message(
      Ahead ahead, Map<String, String> environment, Set<String> reserved) {
    var words = new ArrayList<String>();
    words.add(Integer.toString(reserved.size()));
    reserved.forEach(name -> words.add(name + "=" + environment.get(name)));
    words.addAll(ahead.job());
    var text = String.join("\0", words);
    var length = text.getBytes(StandardCharsets.UTF_8).length;
    return (length + "\0" + text).getBytes(StandardCharsets.UTF_8);
  }
}
