package dev.runnel.cli;

import dev.runnel.auth.Access;
import dev.runnel.auth.Passwords;
import dev.runnel.auth.Superusers;
import dev.runnel.bus.Accounts;
import dev.runnel.bus.Health;
import dev.runnel.bus.Permissions;
import dev.runnel.bus.Runs;
import dev.runnel.bus.Scripts;
import dev.runnel.config.Options;
import dev.runnel.execution.ExecutionSetup;
import dev.runnel.execution.ProcessHost;
import dev.runnel.execution.VenvBootstrap;
import dev.runnel.files.Uploads;
import dev.runnel.http.HttpVerticle;
import dev.runnel.http.Intake;
import dev.runnel.http.admin.AdminDoor;
import dev.runnel.http.bosbase.BosbaseDoor;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The running service: the engine, and the doors in front of it. */
final class Server implements AutoCloseable {
  private final Core core;
  private final Intake intake;
  private final String url;
  private final Optional<Superusers.Created> firstSuperuser;

  private Server(
      Core core, Intake intake, String url, Optional<Superusers.Created> firstSuperuser) {
    this.core = core;
    this.intake = intake;
    this.url = url;
    this.firstSuperuser = firstSuperuser;
  }

  /** Starts everything; fails with what the operator has to do. */
  static Server start(Options options) {
    var core = Core.withEngine(options, true);
    try {
      return open(core, options);
    } catch (RuntimeException failure) {
      core.close();
      throw failure;
    }
  }

  private static Server open(Core core, Options options) {
    var accounts = Accounts.over(core.bus());
    var passwords = new Passwords(core.vertx());
    var first =
        Core.await(
            new Superusers(accounts, passwords, new SecureRandom()).ensure(options.account()));
    var access =
        new Access(
            core.vertx(),
            options.account(),
            accounts,
            passwords,
            core.keys().newest().derived("tokens"),
            InstantSource.system());
    core.keys().onChange(key -> access.signWith(key.derived("tokens")));
    var intake = new Intake();
    var scripts = Scripts.over(core.bus());
    var runs = Runs.over(core.bus());
    var uploads =
        Uploads.open(core.vertx(), options, core.node().toString(), ProcessHost::awaitStarts);
    var dialects =
        List.of(
            BosbaseDoor.to(
                options,
                access,
                Health.over(core.bus()),
                scripts,
                Permissions.over(core.bus()),
                runs,
                uploads),
            AdminDoor.to(options, scripts, runs));
    var port = 0;
    for (var i = 0; i < Core.eventLoops(); i++) {
      var listener = new HttpVerticle(options.http(), access, intake, dialects);
      core.deploy(listener);
      port = listener.port();
    }
    new VenvBootstrap(options.execution(), ExecutionSetup.environment(options, System.getenv()))
        .ensure(core.vertx());
    var host = options.http().host();
    var shown = host.indexOf(':') < 0 ? host : "[" + host + "]";
    return new Server(core, intake, "http://" + shown + ":" + port, first);
  }

  /** Where it listens. */
  String url() {
    return url;
  }

  /** The account that this start made, with its password. */
  Optional<Superusers.Created> firstSuperuser() {
    return firstSuperuser;
  }

  /** Completes when the service cannot go on. */
  CompletionStage<? extends Throwable> failed() {
    return core.databaseFailed();
  }

  /**
   * Refuses new requests, lets running runs end within their grace while they can still be
   * followed, then closes everything.
   */
  @Override
  public void close() {
    intake.close();
    core.closeEngine();
    core.close();
  }
}
