package dev.runnel.bus;

import dev.runnel.problem.Problem;
import dev.runnel.script.Script;
import dev.runnel.script.ScriptChange;
import dev.runnel.script.ScriptDraft;
import dev.runnel.script.ScriptHistory;
import dev.runnel.script.ScriptVersion;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

record BusScripts(Bus bus) implements Scripts {

  @Override
  public Future<Optional<Script>> find(String name) {
    return bus.ask(new ScriptAsk.Find(name));
  }

  @Override
  public Future<Optional<Script>> find(UUID id) {
    return bus.ask(new ScriptAsk.FindById(id));
  }

  @Override
  public Future<Optional<Script>> findByCode(String codeIdentifier) {
    return bus.ask(new ScriptAsk.FindByCode(codeIdentifier));
  }

  @Override
  public Future<List<Script>> all() {
    return bus.ask(new ScriptAsk.All());
  }

  @Override
  public Future<List<ScriptVersion>> versions(UUID id, long after, int limit) {
    return bus.ask(new ScriptAsk.Versions(id, after, limit));
  }

  @Override
  public Future<Script> restore(ScriptHistory history) {
    return bus.ask(new ScriptAsk.Restore(history)).compose(this::published);
  }

  @Override
  public Future<Script> create(ScriptDraft draft) {
    return bus.ask(new ScriptAsk.Create(draft)).compose(this::published);
  }

  @Override
  public Future<Script> update(UUID id, ScriptChange change) {
    return bus.ask(new ScriptAsk.Update(id, change)).compose(this::published);
  }

  @Override
  public Future<Boolean> delete(UUID id) {
    return bus.ask(new RunAsk.Active(id)).compose(this::cancelled).compose(_ -> deleted(id));
  }

  private Future<?> cancelled(List<UUID> active) {
    return Future.join(
        active.stream()
            .map(id ->
                bus.ask(new ExecutionAsk.Cancel(id, false))
                    .mapEmpty()
                    .recover(BusScripts::unlessOver))
            .toList());
  }

  private static Future<Object> unlessOver(Throwable failure) {
    return failure instanceof Problem.AlreadyEnded || failure instanceof Problem.NotFound
        ? Future.succeededFuture()
        : Future.failedFuture(failure);
  }

  private Future<Boolean> deleted(UUID id) {
    return find(id)
        .compose(found ->
            bus.ask(new ScriptAsk.Delete(id))
                .compose(deleted ->
                    found.isPresent() && deleted
                        ? bus.ask(new ExecutionAsk.Withdraw(found.get())).map(true)
                        : Future.succeededFuture(deleted)));
  }

  /** Who has read the answer finds the file. */
  private Future<Script> published(Script script) {
    return bus.ask(new ExecutionAsk.Publish(script)).map(script).otherwise(script);
  }
}
