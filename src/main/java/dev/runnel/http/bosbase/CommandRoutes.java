package dev.runnel.http.bosbase;

import dev.runnel.account.Role;
import dev.runnel.bus.Runs;
import dev.runnel.config.ExecutionOptions;
import dev.runnel.config.Options;
import dev.runnel.http.Answer;
import dev.runnel.http.Call;
import dev.runnel.http.Ids;
import dev.runnel.http.Routes;
import dev.runnel.http.Starts;
import dev.runnel.problem.Problem;
import dev.runnel.run.Door;
import dev.runnel.run.Invocation;
import dev.runnel.run.Run;
import dev.runnel.run.RunRequest;
import dev.runnel.run.ScriptStamp;
import dev.runnel.script.Language;
import dev.runnel.script.Limits;
import dev.runnel.script.Runner;
import dev.runnel.script.ScriptText;
import io.vertx.core.Future;
import java.util.List;

/**
 * {@code /api/scripts/command}: a shell command in {@code EXECUTE_PATH}, waited for or not, and
 * what became of it. It is a run like that of a script, but of a text that is not stored.
 */
final class CommandRoutes {
  /** Its code identifier, and of runs of a long text the name of the file. */
  private static final String NAME = "command";

  /** Characters of the command that stand for it where runs have a title. */
  private static final int TITLE = 100;

  private final Runs runs;
  private final Starts starts;
  private final RunAnswer ends;
  private final ExecutionOptions options;
  private final long readable;

  private CommandRoutes(Runs runs, Options options) {
    this.runs = runs;
    this.starts = new Starts(runs, options.http());
    this.readable = options.log().readable();
    this.ends = new RunAnswer(runs, starts, readable, Refuse::failedCommand);
    this.options = options.execution();
  }

  static void mount(Routes routes, Runs runs, Options options) {
    var here = new CommandRoutes(runs, options);
    routes.post("/api/scripts/command", Role.SUPERUSER, here::run);
    routes.get(
        "/api/scripts/command/:id", Role.SUPERUSER, call -> here.status(call.path("id"), call));
    routes.get(
        "/api/scripts/command/status/:id",
        Role.SUPERUSER,
        call -> here.status(call.path("id"), call));
    routes.post(
        "/api/scripts/command/status",
        Role.SUPERUSER,
        call -> here.status(call.body().text("id", ""), call));
  }

  private Future<Answer> run(Call call) {
    var body = call.body();
    var command = checked(body.text("command", "").strip());
    return Boolean.TRUE.equals(body.flag("async")) ? start(command, call) : execute(command, call);
  }

  private static String checked(String command) {
    if (command.isEmpty()) {
      throw new Problem.Invalid("command", "Command is required.");
    }
    if (!ScriptText.fits(command)) {
      throw new Problem.Invalid(
          "command", "Command is longer than " + ScriptText.MAX_BYTES + " bytes.");
    }
    return command;
  }

  private Future<Answer> execute(String command, Call call) {
    return starts
        .of(
            call,
            preferences ->
                Future.succeededFuture(
                    preferences.patience() == null
                        ? request(command, call).waitingAtMost(options.slotTimeout())
                        : request(command, call)))
        .compose(start -> ends.of(start, call));
  }

  private Future<Answer> start(String command, Call call) {
    return starts
        .of(call, _ -> Future.succeededFuture(request(command, call)))
        .compose(start -> {
          var accepted = Answer.ok(JobState.Started.of(start.run()));
          var id = start.run().id().toString();
          return starts.background(start, call, accepted, () -> status(id, call));
        });
  }

  private RunRequest request(String command, Call call) {
    var stamp =
        new ScriptStamp(
            NAME,
            NAME,
            title(command),
            Language.COMMAND,
            Runner.HOST,
            0,
            RunRequest.sha256(command));
    return RunRequest.adHoc(
        stamp,
        command,
        List.of(),
        List.of(),
        "",
        options.commandTimeout(),
        Limits.DEFAULT,
        Door.BOSBASE,
        call.meta(Door.BOSBASE));
  }

  /** The beginning of the first line. */
  private static String title(String command) {
    var line = command.lines().findFirst().orElse(command);
    return line.codePointCount(0, line.length()) <= TITLE
        ? line
        : line.substring(0, line.offsetByCodePoints(0, TITLE)) + "…";
  }

  private Future<Answer> status(String given, Call call) {
    var text = given.strip();
    if (text.isEmpty()) {
      throw new Problem.Invalid("id", "Id is required.");
    }
    var id = Ids.uuid(Problem.Kind.COMMAND, text);
    return runs.find(id)
        .map(found ->
            found
                .filter(run -> run.script().language() == Language.COMMAND)
                .orElseThrow(() -> new Problem.NotFound(Problem.Kind.COMMAND, text)))
        .compose(run ->
            runs.invocation(id)
                .compose(
                    invocation -> answer(run, invocation.map(Invocation::text).orElse(""), call)));
  }

  private Future<Answer> answer(Run run, String command, Call call) {
    return JobState.of(runs, run, readable, call.gone())
        .map(state -> Answer.ok(new CommandWire(state, command)));
  }
}
