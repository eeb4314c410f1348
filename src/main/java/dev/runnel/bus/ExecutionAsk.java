package dev.runnel.bus;

import dev.runnel.run.Page;
import dev.runnel.run.Run;
import dev.runnel.run.RunRequest;
import dev.runnel.run.RunStatus;
import dev.runnel.run.SubmitKey;
import dev.runnel.run.Submitted;
import dev.runnel.run.Tails;
import dev.runnel.script.Script;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** What the execution verticle answers. */
public sealed interface ExecutionAsk<R> extends Ask<R> {

  @Override
  default Address to() {
    return Address.EXECUTION;
  }

  /**
   * Accepts a run: the answer comes after its row is committed. Fails with {@code Disabled}, {@code
   * Invalid}, {@code Busy}, {@code QueueFull}, {@code Unavailable}.
   */
  record Submit(RunRequest request) implements ExecutionAsk<Run> {}

  /**
   * The same, once for each key: a start whose key came before answers the run of then and starts
   * nothing. Fails with {@code KeyReused} too: the body was another one.
   */
  record SubmitOnce(RunRequest request, SubmitKey key) implements ExecutionAsk<Submitted> {}

  /**
   * The run that this key has started, if it has. Fails with {@code KeyReused}, and with {@code
   * Unavailable} while it is not known whether that start will stand.
   */
  record Repeated(SubmitKey key) implements ExecutionAsk<Optional<Run>> {}

  /**
   * Ends a run: a queued one at once, a running one by TERM, grace, KILL. Answers the state it has
   * now; fails with {@code NotFound}, {@code AlreadyEnded}.
   */
  record Cancel(UUID id, boolean byClient) implements ExecutionAsk<RunStatus> {}

  /**
   * Events with a larger seq: at once when there are some or the run has ended, else as soon as
   * something happens, else {@link Page#NOTHING_YET} after {@code patience}. Fails with {@code
   * NotFound}.
   *
   * @param maxBytes of output in one page
   * @param patience at most 25 s
   */
  record EventsAfter(UUID id, long since, int maxBytes, Duration patience)
      implements ExecutionAsk<Page> {}

  /**
   * The last bytes of these runs' output, at most {@code bytes} of each stream: from memory where a
   * run is active here and the store is behind, else from the store.
   */
  record LastOutput(List<UUID> ids, int bytes) implements ExecutionAsk<Map<UUID, Tails>> {}

  /**
   * Makes the script's text the file that others find under {@code EXECUTE_PATH/scripts}; an older
   * version than the one there is ignored. Never fails: the file is a convenience.
   */
  record Publish(Script script) implements ExecutionAsk<Boolean> {}

  /** Removes the file of a script that is gone. */
  record Withdraw(Script script) implements ExecutionAsk<Boolean> {}

  /** The limits of runs and which of them this node enforces, as far as it has proved that. */
  record Limits() implements ExecutionAsk<List<HostLimit>> {}

  /** Whether modules are run by a {@code wasmedge} on this node, not by the built-in runtime. */
  record HasWasmEdge() implements ExecutionAsk<Boolean> {}

  /** How full this node is. */
  record Load() implements ExecutionAsk<Load.Now> {

    /**
     * The slots of this node.
     *
     * @param queued runs that wait on all nodes, as last seen
     * @param queueWait until they have had their turn, at the pace of this node; 1 to 60 s
     */
    public record Now(int slots, int running, int queued, Duration queueWait) {}
  }
}
