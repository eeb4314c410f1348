package dev.runnel.execution;

import dev.runnel.config.ExecutionOptions.BashLogin;
import dev.runnel.execution.Stage.Seen;
import dev.runnel.execution.bash.Bash;
import java.util.List;

/** The login environment restored from a snapshot. */
class BashSnapshotStartTest extends StartContract {

  @Override
  Interpreter fast() {
    return new Bash(BashLogin.SNAPSHOT);
  }

  @Override
  List<Sample> samples() {
    return BashSamples.all();
  }

  @Override
  boolean wasFast(Sample sample, Seen seen) {
    // A script with a startup file of its own always gets a real login.
    return seen.argv().contains("--noprofile")
        || sample.env().stream().anyMatch(variable -> variable.key().equals("BASH_ENV"));
  }
}
