package dev.runnel.store;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.runnel.account.Account;
import dev.runnel.bus.AccountAsk;
import dev.runnel.bus.Ask;
import dev.runnel.bus.Bus;
import dev.runnel.bus.KeyAsk;
import dev.runnel.bus.PermissionAsk;
import dev.runnel.bus.RunAsk;
import dev.runnel.bus.RunWrite;
import dev.runnel.bus.ScriptAsk;
import dev.runnel.bus.SettingAsk;
import dev.runnel.bus.StoreAsk;
import dev.runnel.bus.StoreHealth;
import dev.runnel.script.Executable;
import dev.runnel.script.Script;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Answers every {@link StoreAsk} out of PostgreSQL. To be deployed once for each node; whoever
 * opened the database closes it.
 */
public final class PersistenceVerticle extends VerticleBase {
  /** How often keys that have expired are removed. */
  private static final Duration KEY_SWEEP = Duration.ofMinutes(1);

  private final Bus bus;
  private final Database database;
  private final Sealer sealer;
  private final InstantSource clock;
  private final Supplier<UUID> ids;

  private ScriptTable scripts;
  private VersionTable versions;
  private PermissionTable permissions;
  private RunTable runs;
  private RunLogTable log;
  private SubmitKeyTable submitKeys;
  private OutputTable output;
  private Arrivals arrivals;
  private QueueTable queue;
  private NodeTable nodes;
  private Recovery recovery;
  private AccountTable accounts;
  private AccountSearch accountSearch;
  private SettingTable settings;
  private KeyTable keys;
  private SealedEnv env;
  private SharedQuestion<String, Optional<Script>> scriptByName;
  private SharedQuestion<List<String>, Executable> toExecute;
  private SharedQuestion<AccountAsk.FindById, Optional<Account>> accountById;
  private final InOrder<UUID> writes = new InOrder<>();

  /** {@code sealer} closes the environment values of scripts and runs. */
  public PersistenceVerticle(Bus bus, Database database, Sealer sealer) {
    this(bus, database, sealer, InstantSource.system(), UuidCreator::getTimeOrderedEpoch);
  }

  @SuppressWarnings("NullAway.Init") // the tables live on the context that start() runs on
  PersistenceVerticle(
      Bus bus, Database database, Sealer sealer, InstantSource clock, Supplier<UUID> ids) {
    this.bus = bus;
    this.database = database;
    this.sealer = sealer;
    this.clock = clock;
    this.ids = ids;
  }

  @Override
  public Future<?> start() {
    env = new SealedEnv(sealer);
    var database = this.database.reading(sealer);
    var quick = database.quick();
    scripts = new ScriptTable(database, env, clock, ids);
    versions = new VersionTable(database, scripts, ids);
    permissions = new PermissionTable(database, scripts, clock, ids);
    runs = new RunTable(database, quick, context);
    log = new RunLogTable(database, context);
    submitKeys = new SubmitKeyTable(database, runs);
    arrivals = new Arrivals(quick, env, runs, submitKeys, context);
    output = new OutputTable(database);
    queue = new QueueTable(quick, env, runs);
    nodes = new NodeTable(quick, env);
    recovery = new Recovery(log, runs);
    accounts = new AccountTable(quick, clock, ids);
    accountSearch = new AccountSearch(database);
    settings = new SettingTable(database);
    keys = new KeyTable(database, sealer);
    // Each start asks two of them, and many starts at a time are of the same script or caller.
    scriptByName = new SharedQuestion<>(scripts::find);
    toExecute = new SharedQuestion<>(permissions::toExecute);
    accountById = new SharedQuestion<>(find -> accounts.find(find.collection(), find.id()));
    vertx.setPeriodic(KEY_SWEEP.toMillis(), _ -> submitKeys.removeExpired(clock.instant()));
    return bus.answer(Ask.Address.STORE, StoreAsk.class, this::answer).completion();
  }

  private Future<?> answer(StoreAsk<?> question) {
    return switch (question) {
      case ScriptAsk<?> script -> answer(script);
      case PermissionAsk<?> permission -> answer(permission);
      case RunAsk<?> run -> answer(run);
      case RunWrite<?> write -> answer(write);
      case AccountAsk<?> account -> answer(account);
      case SettingAsk<?> setting -> answer(setting);
      case KeyAsk<?> key -> keys.answer(key);
      case StoreHealth() -> database.health();
    };
  }

  private Future<?> answer(ScriptAsk<?> question) {
    return switch (question) {
      case ScriptAsk.Find(var name) -> scriptByName.ask(name);
      case ScriptAsk.FindById(var id) -> scripts.find(id);
      case ScriptAsk.FindByCode(var codeIdentifier) -> scripts.findByCode(codeIdentifier);
      case ScriptAsk.All() -> scripts.all();
      case ScriptAsk.Versions(var id, var after, var limit) -> versions.after(id, after, limit);
      case ScriptAsk.Restore(var history) -> versions.restore(history);
      case ScriptAsk.Create(var draft) -> scripts.create(draft);
      case ScriptAsk.Update(var id, var change) -> scripts.update(id, change);
      case ScriptAsk.Delete(var id) -> scripts.delete(id);
    };
  }

  private Future<?> answer(PermissionAsk<?> question) {
    return switch (question) {
      case PermissionAsk.Find(var name) -> permissions.find(name);
      case PermissionAsk.All() -> permissions.all();
      case PermissionAsk.Put put -> permissions.put(put);
      case PermissionAsk.Update update -> permissions.update(update);
      case PermissionAsk.Delete(var name) -> permissions.delete(name);
      case PermissionAsk.ToExecute(var names) -> toExecute.ask(names);
    };
  }

  private Future<?> answer(RunAsk<?> question) {
    return switch (question) {
      case RunAsk.Find(var id) -> runs.find(id);
      case RunAsk.Invoked(var id) -> runs.invocation(id, env);
      case RunAsk.Repeated(var key, var now) -> submitKeys.find(key, now);
      case RunAsk.Search(var query) -> runs.search(query);
      case RunAsk.Active(var scriptId) -> runs.active(scriptId);
      case RunAsk.Events(var id, var since, var maxBytes) -> log.events(id, since, maxBytes);
      case RunAsk.LastOutput last -> output.tails(last);
      case RunAsk.Log(var id, var stream, var offset, var limit) ->
          output.range(id, stream, offset, limit);
      case RunAsk.Place(var id, var stream, var offset) -> output.place(id, stream, offset);
    };
  }

  private Future<?> answer(RunWrite<?> question) {
    return switch (question) {
      case RunWrite.Insert insert -> arrivals.insert(insert);
      case RunWrite.InsertOnce once -> arrivals.insertOnce(once);
      case RunWrite.Forget(var key, var run) -> submitKeys.forget(key, run);
      case RunWrite.Claim claim -> queue.claim(claim);
      case RunWrite.CountQueued(var max) -> queue.countQueued(max);
      case RunWrite.Append append -> writes.after(append.id(), () -> log.append(append));
      case RunWrite.Tail tail -> writes.after(tail.id(), () -> log.move(tail));
      case RunWrite.Finish finish -> writes.after(finish.id(), () -> runs.finish(finish));
      case RunWrite.EndQueued(var id, var now, var outcome) -> queue.end(id, now, outcome);
      case RunWrite.EndOverdue(var now) -> queue.endOverdue(now);
      case RunWrite.BeginLife life -> nodes.begin(life);
      case RunWrite.EndLeft left -> recovery.end(left);
      case RunWrite.Renew(var lease, var now) -> nodes.renew(lease, now);
      case RunWrite.EndLife(var lease, var forGood) -> nodes.end(lease, forGood);
      case RunWrite.LookAround(var lease) -> nodes.lookAround(lease);
      case RunWrite.TakeOver(var lost) -> nodes.takeOver(lost);
      case RunWrite.RequestCancel(var id, var byClient) -> runs.requestCancel(id, byClient);
      case RunWrite.Held(var lease) -> nodes.held(lease);
    };
  }

  private Future<?> answer(AccountAsk<?> question) {
    return switch (question) {
      case AccountAsk.FindByEmail(var collection, var email) ->
          accounts.findByEmail(collection, email);
      case AccountAsk.FindById find -> accountById.ask(find);
      case AccountAsk.Count(var collection) -> accounts.count(collection);
      case AccountAsk.Search(var query) -> accountSearch.search(query);
      case AccountAsk.Upsert upsert -> accounts.upsert(upsert);
      case AccountAsk.Create create -> accounts.create(create);
      case AccountAsk.Update update -> accounts.update(update);
      case AccountAsk.Delete(var collection, var id) -> accounts.delete(collection, id);
    };
  }

  private Future<?> answer(SettingAsk<?> question) {
    return switch (question) {
      case SettingAsk.Find(var key) -> settings.find(key);
      case SettingAsk.Keep(var key, var value) -> settings.keep(key, value);
      case SettingAsk.Put(var key, var value) -> settings.put(key, value);
    };
  }
}
