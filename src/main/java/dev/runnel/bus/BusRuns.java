package dev.runnel.bus;

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

record BusRuns(Bus bus) implements Runs {

  @Override
  public Future<Run> submit(RunRequest request) {
    return bus.ask(new ExecutionAsk.Submit(request));
  }

  @Override
  public Future<ExecutionAsk.Load.Now> load() {
    return bus.ask(new ExecutionAsk.Load());
  }

  @Override
  public Future<Boolean> hasWasmEdge() {
    return bus.ask(new ExecutionAsk.HasWasmEdge());
  }

  @Override
  public Future<Submitted> submitOnce(RunRequest request, SubmitKey key) {
    return bus.ask(new ExecutionAsk.SubmitOnce(request, key));
  }

  @Override
  public Future<Optional<Run>> repeated(SubmitKey key) {
    return bus.ask(new ExecutionAsk.Repeated(key));
  }

  @Override
  public Future<Boolean> forget(SubmitKey key, UUID run) {
    return bus.ask(new RunWrite.Forget(key, run));
  }

  @Override
  public Future<RunStatus> cancel(UUID id) {
    return bus.ask(new ExecutionAsk.Cancel(id, false));
  }

  @Override
  public Future<RunStatus> cancelByClient(UUID id) {
    return bus.ask(new ExecutionAsk.Cancel(id, true));
  }

  @Override
  public Future<Page> eventsAfter(UUID id, long since, int maxBytes, Duration patience) {
    return bus.ask(new ExecutionAsk.EventsAfter(id, since, maxBytes, patience));
  }

  @Override
  public Future<Optional<Run>> find(UUID id) {
    return bus.ask(new RunAsk.Find(id));
  }

  @Override
  public Future<Optional<Invocation>> invocation(UUID id) {
    return bus.ask(new RunAsk.Invoked(id));
  }

  @Override
  public Future<List<Run>> search(RunQuery query) {
    return bus.ask(new RunAsk.Search(query));
  }

  @Override
  public Future<Map<UUID, Tails>> lastOutput(List<UUID> ids, int bytes) {
    return bus.ask(new ExecutionAsk.LastOutput(ids, bytes));
  }

  @Override
  public Future<StoredOutput> log(UUID id, @Nullable Output output, long offset, int limit) {
    return bus.ask(new RunAsk.Log(id, output, offset, limit));
  }

  @Override
  public Future<StoredPlace> place(UUID id, @Nullable Output output, long offset) {
    return bus.ask(new RunAsk.Place(id, output, offset));
  }

  @Override
  public Future<Page> stored(UUID id, long since, int maxBytes) {
    return bus.ask(new RunAsk.Events(id, since, maxBytes));
  }
}
