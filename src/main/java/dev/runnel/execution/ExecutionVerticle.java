package dev.runnel.execution;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.runnel.bus.Ask.Address;
import dev.runnel.bus.Bus;
import dev.runnel.bus.ExecutionAsk;
import dev.runnel.bus.RunAsk;
import dev.runnel.bus.RunWrite;
import dev.runnel.bus.RunWrite.Claimed;
import dev.runnel.bus.ScriptAsk;
import dev.runnel.config.Options;
import dev.runnel.problem.Problem;
import dev.runnel.run.Run;
import dev.runnel.run.RunRequest;
import dev.runnel.run.SubmitKey;
import dev.runnel.run.Submitted;
import dev.runnel.run.Tails;
import dev.runnel.script.Runner;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs scripts on this node: admission, slots, live followers, the node's lease. */
public final class ExecutionVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(ExecutionVerticle.class);

  /** How long a run that has ended is still followed from memory. */
  private static final long LINGER_MS = 5_000;

  /** The start comes first. */
  private static final long PROBE_DELAY_MS = 500;

  private static final Duration LAST_WRITES = Duration.ofSeconds(8);
  private static final long BURIAL_MS = 250;
  private static final Duration TRY_AGAIN = Duration.ofSeconds(2);

  private final Options options;
  private final Bus bus;
  private final ExecutionSetup setup;
  private final Map<UUID, ActiveRun> active = new HashMap<>();
  private final Set<UUID> inserting = new HashSet<>();
  private final Promise<Void> idle = Promise.promise();
  private final Pace pace = new Pace();

  private Engine engine;
  private Slots slots;
  private Backlog backlog;
  private Withdrawals withdrawals;
  private Cancellations cancellations;
  private Followers followers;
  private NodeLife life;
  private WorkerExecutor publishing;
  private PublishedScripts published;
  private Map<LimitProbe.Subject, LimitProbe.Proof> proofs = Map.of();
  private boolean burying;
  private boolean stopping;
  private boolean graceIsOver;

  /**
   * @param setup what this node runs scripts with
   */
  @SuppressWarnings("NullAway.Init") // the rest is made on the verticle's own context
  public ExecutionVerticle(Options options, Bus bus, ExecutionSetup setup) {
    this.options = options;
    this.bus = bus;
    this.setup = setup;
  }

  @Override
  public Future<?> start() {
    var workers =
        vertx.createSharedWorkerExecutor(
            "execution", Math.max(8, 2 * Runtime.getRuntime().availableProcessors()));
    engine =
        new Engine(vertx, context, options, bus, setup.starter(options, workers), setup.clock());
    publishing = vertx.createSharedWorkerExecutor("published-scripts", 1);
    published = setup.published(options);
    slots = new Slots(options.execution().effectiveSlots());
    followers = new Followers(engine);
    withdrawals = new Withdrawals(engine);
    backlog = new Backlog(engine, slots, this::launch, followers::wake);
    cancellations = new Cancellations(engine, active, backlog, followers);
    var aftermath = new Aftermath(engine, setup.host(), workers);
    life =
        new NodeLife(
            engine,
            setup.home(),
            aftermath,
            this::abandonAll,
            cancellations::requested,
            setup.takesFromQueue());
    return workers
        .executeBlocking(() -> aftermath.killAll(setup.home()), false)
        .compose(killed -> life.begin(killed))
        .compose(
            _ -> workers.executeBlocking(() -> setup.prepare(options.execution().path()), false))
        .onSuccess(_ -> {
          bus.answer(Address.EXECUTION, ExecutionAsk.class, this::answer);
          vertx.setPeriodic(1_000, _ -> everySecond());
          vertx.setPeriodic(BURIAL_MS, _ -> buryOrphans(workers));
          if (setup.takesFromQueue()) {
            endDeadCommands(aftermath, workers);
            publishAll();
            backlog.look();
            engine.timer(PROBE_DELAY_MS, () -> proveLimits(workers));
          } else {
            backlog.close();
          }
        });
  }

  /**
   * Accepts nothing more, gives running runs the grace period, then ends them; what is queued stays
   * queued.
   */
  @Override
  public Future<?> stop() {
    stopping = true;
    backlog.close();
    withdrawals.close();
    followers.close();
    if (!active.isEmpty()) {
      LOG.info("Waiting for {} runs to end", active.size());
    }
    engine.timer(
        options.execution().stopGrace().toMillis(),
        () -> {
          graceIsOver = true;
          stopAll(new Stop.Interrupted());
        });
    checkIdle();
    return idle.future()
        .timeout(longestStop().toMillis(), TimeUnit.MILLISECONDS)
        .compose(_ -> life.end())
        .otherwise(failure -> {
          // The next life of this node ends in the records what could not be written.
          LOG.warn("The end of {} runs could not be stored: {}", active.size(), failure.toString());
          return false;
        })
        .eventually(() -> vertx.executeBlocking(setup::close, false));
  }

  /** By then every process has ended; only a database that is away can take longer. */
  private Duration longestStop() {
    var execution = options.execution();
    return execution.stopGrace().plus(execution.killGrace()).plus(LAST_WRITES);
  }

  private Future<?> answer(ExecutionAsk<?> question) {
    return switch (question) {
      case ExecutionAsk.Submit(var request) -> submit(request, null).map(Submitted::run);
      case ExecutionAsk.SubmitOnce(var request, var key) -> submit(request, key);
      case ExecutionAsk.Repeated(var key) -> repeated(key);
      case ExecutionAsk.Cancel(var id, var byClient) -> cancellations.cancel(id, byClient);
      case ExecutionAsk.EventsAfter(var id, var since, var maxBytes, var patience) ->
          followers.eventsAfter(id, since, maxBytes, patience);
      case ExecutionAsk.LastOutput(var ids, var bytes) -> lastOutput(ids, bytes);
      case ExecutionAsk.Publish(var script) ->
          publishing.executeBlocking(() -> published.put(script), true);
      case ExecutionAsk.Withdraw(var script) ->
          publishing.executeBlocking(() -> published.remove(script), true);
      case ExecutionAsk.Limits() -> Future.succeededFuture(HostLimits.of(options, proofs));
      case ExecutionAsk.HasWasmEdge() -> engine.starter().hasWasmEdge();
      case ExecutionAsk.Load() ->
          Future.succeededFuture(
              new ExecutionAsk.Load.Now(
                  slots.size(),
                  slots.size() - slots.free(),
                  backlog.queued(),
                  pace.until(backlog.queued())));
    };
  }

  /** {@code key}: starts nothing if it came before; null: every time. */
  private Future<Submitted> submit(RunRequest request, @Nullable SubmitKey key) {
    if (stopping) {
      throw new Problem.Unavailable("The service is stopping", TRY_AGAIN);
    }
    if (!request.enabled()) {
      throw new Problem.Disabled();
    }
    var script = request.invocation().script();
    if (script.runner() != Runner.HOST || !engine.starter().runs(script.language())) {
      throw new Problem.Invalid(
          "type",
          script.language()
              + " scripts with the runner "
              + script.runner().wire()
              + " do not run on this server");
    }
    var slot = backlog.maySkip() && slots.tryTake();
    if (!slot && !backlog.reserve()) {
      throw new Problem.QueueFull(pace.until(backlog.queued()));
    }
    var id = UuidCreator.getTimeOrderedEpoch();
    var lease = engine.lease();
    inserting.add(id);
    var lockQueue = options.execution().scriptQueueLength();
    var insert = new RunWrite.Insert(id, engine.now(), request, lease, slot, lockQueue);
    return bus.ask(key == null ? insert : new RunWrite.InsertOnce(insert, key))
        .map(inserted -> {
          var replayed = !inserted.run().id().equals(id);
          if (replayed) {
            giveBack(slot);
          } else if (inserted.running() && !engine.holdsStill(lease)) {
            giveBack(slot); // it has been ended as this node's former life
          } else if (inserted.running() && !followers.knows(id)) {
            launch(new Claimed(inserted.run(), request.invocation()));
          } else {
            giveBack(slot);
            backlog.grew();
          }
          return new Submitted(inserted.run(), replayed);
        })
        .onComplete(_ -> {
          inserting.remove(id);
          if (!slot) {
            backlog.release();
          }
          checkIdle();
        })
        .onFailure(failure -> {
          giveBack(slot);
          if (failure instanceof Problem.Unavailable) {
            withdrawals.add(id, key);
          }
        })
        .map(submitted -> {
          withdrawals.refuse(submitted.run());
          return submitted;
        });
  }

  private Future<Optional<Run>> repeated(SubmitKey key) {
    return bus.ask(new RunAsk.Repeated(key, engine.now()))
        .map(found -> {
          found.ifPresent(withdrawals::refuse);
          return found;
        });
  }

  private void giveBack(boolean slot) {
    if (slot) {
      slots.giveBack(1);
      backlog.take();
    }
  }

  private void launch(Claimed claimed) {
    var run = new ActiveRun(claimed, engine);
    var id = claimed.run().id();
    active.put(id, run);
    followers.add(id, run.feed());
    if (graceIsOver) {
      run.stop(new Stop.Interrupted());
    }
    run.execute()
        .onSuccess(_ -> {
          slots.giveBack(1);
          pace.ended();
          backlog.take();
        });
    run.ended()
        .onSuccess(_ -> {
          active.remove(id);
          backlog.lockMayBeFree();
          // A run that was ended elsewhere has no end here: the store knows it.
          engine.timer(run.feed().hasEnded() ? LINGER_MS : 1, () -> followers.remove(id));
          checkIdle();
        });
  }

  private Future<Map<UUID, Tails>> lastOutput(List<UUID> ids, int bytes) {
    return bus.ask(new RunAsk.LastOutput(ids, bytes))
        .map(stored -> {
          var all = new HashMap<>(stored);
          for (var id : ids) {
            var run = active.get(id);
            if (run != null) {
              run.tails(bytes)
                  .ifPresent(newer -> all.merge(id, newer, (old, fresh) -> fresh.orElse(old)));
            }
          }
          return Map.copyOf(all);
        });
  }

  private void endDeadCommands(Aftermath aftermath, WorkerExecutor workers) {
    workers
        .executeBlocking(() -> setup.home().ofDeadCommands(), false)
        .onSuccess(homes -> homes.forEach(aftermath::endCommand));
  }

  private void proveLimits(WorkerExecutor workers) {
    if (stopping) {
      return;
    }
    workers
        .executeBlocking(() -> new LimitProbe(setup.host()).prove(), false)
        .onSuccess(proved -> {
          proofs = proved;
          proved.forEach((subject, proof) -> {
            if (!proof.enforced()) {
              LOG.warn("Limit {}: {}", subject.name().toLowerCase(Locale.ROOT), proof.how());
            }
          });
        })
        .onFailure(failure -> LOG.error("The limits could not be proved", failure));
  }

  /** What was created while this node was away, or published by nobody because of a crash. */
  private void publishAll() {
    bus.ask(new ScriptAsk.All())
        .compose(all ->
            publishing.executeBlocking(
                () -> {
                  all.forEach(published::put);
                  return null;
                },
                true))
        .onFailure(failure -> LOG.warn("Scripts were not published: {}", failure.toString()));
  }

  /** A script that starts processes behind its back all the time must not fill the table. */
  private void buryOrphans(WorkerExecutor workers) {
    if (active.isEmpty() || burying) {
      return;
    }
    burying = true;
    workers
        .executeBlocking(
            () -> {
              setup.host().reapOrphans();
              return null;
            },
            false)
        .onComplete(_ -> burying = false);
  }

  private void everySecond() {
    var now = System.nanoTime();
    pace.second();
    followers.sweep(now);
    life.everySecond();
    if (backlog.isUnsure() && !backlog.isAsking()) {
      startUnknown();
    }
    checkIdle();
    if (!stopping && setup.takesFromQueue()) {
      backlog.look();
    }
  }

  /** A stop is over when nothing runs and nothing can come any more. */
  private void checkIdle() {
    if (stopping && active.isEmpty() && inserting.isEmpty() && !backlog.isAsking()) {
      idle.tryComplete();
    }
  }

  /** After an unanswered claim: starts what the store has given us without our knowing. */
  private void startUnknown() {
    var lease = engine.lease();
    bus.ask(new RunWrite.Held(lease))
        .map(held -> engine.holdsStill(lease) ? held : List.<Claimed>of())
        .onSuccess(held -> {
          backlog.isSureAgain();
          held.stream()
              .filter(claimed -> isUnknown(claimed.run().id()))
              .forEach(claimed -> {
                slots.takeAnyway();
                launch(claimed);
              });
        });
  }

  private boolean isUnknown(UUID id) {
    return !followers.knows(id) && !inserting.contains(id) && !withdrawals.has(id);
  }

  private void stopAll(Stop why) {
    active.values().forEach(run -> run.stop(why));
  }

  /** Completes when nothing of the runs is left. */
  private Future<?> abandonAll() {
    var runs = List.copyOf(active.values());
    runs.forEach(ActiveRun::abandon);
    return Future.join(runs.stream().map(ActiveRun::ended).toList());
  }
}
