package dev.runnel.bus;

import dev.runnel.problem.Problem;
import dev.runnel.run.Invocation;
import dev.runnel.run.Output;
import dev.runnel.run.Page;
import dev.runnel.run.Run;
import dev.runnel.run.RunQuery;
import dev.runnel.run.RunRequest;
import dev.runnel.run.RunStatus;
import dev.runnel.run.StoredOutput;
import dev.runnel.run.StoredPlace;
import dev.runnel.run.SubmitKey;
import dev.runnel.run.Submitted;
import dev.runnel.run.Tails;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Runs as the rest of the service sees them, whichever verticle knows the answer. */
public interface Runs {

  static Runs over(Bus bus) {
    return new BusRuns(bus);
  }

  /** See {@link ExecutionAsk.Submit}. */
  Future<Run> submit(RunRequest request);

  /** See {@link ExecutionAsk.SubmitOnce}. */
  Future<Submitted> submitOnce(RunRequest request, SubmitKey key);

  /** See {@link ExecutionAsk.Repeated}. */
  Future<Optional<Run>> repeated(SubmitKey key);

  /** See {@link RunWrite.Forget}. */
  Future<Boolean> forget(SubmitKey key, UUID run);

  /** See {@link ExecutionAsk.Cancel}. */
  Future<RunStatus> cancel(UUID id);

  /** See {@link ExecutionAsk.Load}. */
  Future<ExecutionAsk.Load.Now> load();

  /** See {@link ExecutionAsk.HasWasmEdge}. */
  Future<Boolean> hasWasmEdge();

  /** A cancel because the caller hung up. */
  Future<RunStatus> cancelByClient(UUID id);

  /** See {@link ExecutionAsk.EventsAfter}. */
  Future<Page> eventsAfter(UUID id, long since, int maxBytes, Duration patience);

  Future<Optional<Run>> find(UUID id);

  /** What the run ran; empty when there is no such run, or its text is gone with its script. */
  Future<Optional<Invocation>> invocation(UUID id);

  Future<List<Run>> search(RunQuery query);

  /** See {@link ExecutionAsk.LastOutput}; a run without output is {@code Tails.NONE}. */
  Future<Map<UUID, Tails>> lastOutput(List<UUID> ids, int bytes);

  /** A part of the stored output; {@code output} null is both streams merged. */
  Future<StoredOutput> log(UUID id, @Nullable Output output, long offset, int limit);

  /** Where the byte at {@code offset} of the stored output is; null is both streams merged. */
  Future<StoredPlace> place(UUID id, @Nullable Output output, long offset);

  /** Stored events with a larger seq, in order, as many as fit in {@code maxBytes}. */
  Future<Page> stored(UUID id, long since, int maxBytes);

  /** The run's record; fails with {@code NotFound}. */
  default Future<Run> get(UUID id) {
    return find(id)
        .map(found ->
            found.orElseThrow(() -> new Problem.NotFound(Problem.Kind.RUN, id.toString())));
  }
}
