package dev.runnel.execution;

import dev.runnel.bus.RunWrite;
import dev.runnel.bus.RunWrite.Lease;
import dev.runnel.bus.RunWrite.LeftRun;
import dev.runnel.bus.RunWrite.Life;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends what a life of a node has left: first the processes, then the records. */
final class Aftermath {
  private static final Logger LOG = LoggerFactory.getLogger(Aftermath.class);

  /** What the record of a run says whose node is gone. */
  static final String NODE_LOST = "Node lost";

  /** Runs that are ended with one question; its answer has to come in bounded time. */
  private static final int AT_ONCE = 50;

  private final Engine engine;
  private final ProcessHost host;
  private final WorkerExecutor workers;

  Aftermath(Engine engine, ProcessHost host, WorkerExecutor workers) {
    this.engine = engine;
    this.host = host;
    this.workers = workers;
  }

  /** This node as others know it, with this home. */
  static RunWrite.Node node(NodeHome home) {
    return new RunWrite.Node(
        home.id(), NodeHome.hostName(), NodeHome.bootId(), home.directory().toString());
  }

  /**
   * Begins a new life of the node whose home this is, and ends in the records what its former one
   * left running.
   *
   * @param killed what {@link #killAll} answered for that home
   */
  Future<Lease> begin(NodeHome home, Map<UUID, Integer> killed, String message) {
    return engine
        .bus()
        .ask(new RunWrite.BeginLife(node(home), engine.now()))
        .compose(life ->
            record(life, killed, message)
                .map(ended -> {
                  if (ended > 0) {
                    LOG.info("{} runs that were left running were ended: {}", ended, message);
                  }
                  return life.lease();
                }));
  }

  /** Blocks: kills what the former life of that home has left; answers how many of each run. */
  Map<UUID, Integer> killAll(NodeHome home) {
    return host.recover(NodeHome.leftBehind(home.directory()));
  }

  /**
   * Ends the runs of a command that was killed; its home goes.
   *
   * @param home held open, which proves that the command is gone
   */
  Future<?> endCommand(NodeHome home) {
    return workers
        .executeBlocking(() -> killAll(home), false)
        .compose(killed -> begin(home, killed, NODE_LOST))
        .compose(lease -> engine.bus().ask(new RunWrite.EndLife(lease, true)))
        .onSuccess(_ -> home.close())
        .onFailure(failure ->
            LOG.warn("{} stays until the next start: {}", home.directory(), failure.toString()));
  }

  /**
   * Takes a lost node's runs over, kills what is left of them if that is on this host, and ends
   * them in the records.
   */
  Future<?> takeOver(RunWrite.Neighbour lost) {
    return engine
        .bus()
        .ask(new RunWrite.TakeOver(lost))
        .compose(taken ->
            taken.isEmpty()
                ? Future.succeededFuture()
                : workers
                    .executeBlocking(() -> killLeft(lost.node(), taken.get().left()), false)
                    .compose(killed -> record(taken.get(), killed, NODE_LOST))
                    .onSuccess(ended -> tell(lost.node(), ended)));
  }

  private static void tell(RunWrite.Node node, int ended) {
    LOG.warn(
        "Node {} on {} is lost: its {} running runs were ended", node.id(), node.host(), ended);
  }

  /**
   * The lost node itself may still live and go on with other runs, so only these runs' processes
   * are killed.
   */
  private Map<UUID, Integer> killLeft(RunWrite.Node node, List<LeftRun> left) {
    if (!node.host().equals(NodeHome.hostName()) || !node.bootId().equals(NodeHome.bootId())) {
      return Map.of();
    }
    var noted =
        NodeHome.leftBehind(Path.of(node.home())).stream()
            .collect(Collectors.toMap(Remains::runId, Function.identity()));
    return host.recover(
        left.stream()
            .map(run -> run.id().toString())
            .map(id -> noted.getOrDefault(id, Remains.markedOnly(id)))
            .toList());
  }

  /** Ends these runs in the records; answers how many. */
  Future<Integer> record(Life life, Map<UUID, Integer> killed, String message) {
    Future<Integer> ended = Future.succeededFuture(0);
    for (var from = 0; from < life.left().size(); from += AT_ONCE) {
      var some = life.left().subList(from, Math.min(from + AT_ONCE, life.left().size()));
      ended =
          ended.compose(before ->
              engine
                  .bus()
                  .ask(new RunWrite.EndLeft(life.lease(), some, killed, message, engine.now()))
                  .map(more -> before + more));
    }
    return ended;
  }
}
