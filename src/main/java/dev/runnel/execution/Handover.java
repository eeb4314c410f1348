package dev.runnel.execution;

import dev.runnel.execution.Interpreter.Ahead;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * How a process that was started ahead of need takes the place of a launch.
 *
 * @param kind how such a process is started
 * @param job what it is told; see {@link Ahead}
 */
record Handover(Launch kind, byte[] job) {

  /**
   * The same as this launch.
   *
   * @param reserved the variables that differ from run to run
   */
  static Handover of(Ahead ahead, Launch launch, Set<String> reserved) {
    var before = new HashMap<>(launch.environment());
    before.keySet().removeAll(reserved);
    before.put(Launch.RUN_ID, Ahead.NO_RUN);
    var kind = new Launch(ahead.argv(), before, launch.workingDirectory(), null, RunLimits.NONE);
    return new Handover(kind, message(ahead, launch.environment(), reserved));
  }

  private static byte[] message(
      Ahead ahead, Map<String, String> environment, Set<String> reserved) {
    var words = new ArrayList<String>();
    words.add(Integer.toString(2 + reserved.size() + ahead.job().size()));
    words.add(Integer.toString(reserved.size()));
    reserved.forEach(name -> words.add(name + "=" + environment.get(name)));
    words.addAll(ahead.job());
    return String.join("\0", words).getBytes(StandardCharsets.UTF_8);
  }
}
