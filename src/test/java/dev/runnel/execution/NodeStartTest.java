package dev.runnel.execution;

import dev.runnel.execution.Stage.Seen;
import dev.runnel.execution.node.Node;
import java.util.List;

/** The plain start of node. */
class NodeStartTest extends StartContract {

  @Override
  Interpreter fast() {
    return new Node();
  }

  @Override
  List<Sample> samples() {
    return NodeSamples.all();
  }

  @Override
  boolean wasFast(Sample sample, Seen seen) {
    return true;
  }
}
