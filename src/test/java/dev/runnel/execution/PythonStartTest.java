package dev.runnel.execution;

import dev.runnel.execution.Stage.Seen;
import dev.runnel.execution.python.Python;
import java.util.List;

/** The plain start of python. */
class PythonStartTest extends StartContract {

  @Override
  Interpreter fast() {
    return new Python();
  }

  @Override
  List<Sample> samples() {
    return PythonSamples.all();
  }

  @Override
  boolean wasFast(Sample sample, Seen seen) {
    return true;
  }
}
