package dev.runnel.run;

import dev.runnel.script.EnvVariable;
import dev.runnel.script.Limits;
import dev.runnel.script.Script;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A start, as a door asks for it.
 *
 * @param scriptId null for what is not stored
 * @param enabled whether the script may run at all
 * @param turn when it may begin
 * @param meta who asked, for the record
 */
public record RunRequest(
    @Nullable UUID scriptId,
    boolean enabled,
    Invocation invocation,
    Door door,
    Trigger trigger,
    Turn turn,
    Meta meta) {

  /**
   * A run of a stored script. The script's own values hold at every door.
   *
   * @param env the caller's variables, after the script's own
   * @param timeout the caller's, else the script's, else {@code doorTimeout}
   * @param header the first value of a header of the request, null when it has none
   */
  public static RunRequest of(
      Script script,
      Door door,
      Trigger trigger,
      List<String> args,
      @Nullable String function,
      List<EnvVariable> env,
      @Nullable Duration timeout,
      Duration doorTimeout,
      Meta meta,
      Function<String, @Nullable String> header) {
    var all = new ArrayList<EnvVariable>(script.env());
    all.addAll(env);
    var stamp =
        new ScriptStamp(
            script.name(),
            script.codeIdentifier(),
            script.title(),
            script.language(),
            script.runner(),
            script.contentVersion(),
            sha256(script.text()));
    var limit = timeout != null ? timeout : script.timeout();
    return new RunRequest(
        script.id(),
        script.enabled(),
        new Invocation(
            stamp,
            script.text(),
            List.copyOf(args),
            function,
            List.copyOf(all),
            script.workingDirectory(),
            limit != null ? limit : doorTimeout,
            script.limits()),
        door,
        trigger,
        Turn.of(script, door, args, header),
        meta);
  }

  /** The same, but it waits no longer than this for its turn. */
  public RunRequest waitingAtMost(Duration patience) {
    return with(
        new Turn(turn.lock(), turn.limit(), turn.refuseWhenBusy(), turn.priority(), patience));
  }

  /** The same with another priority. */
  public RunRequest prioritised(int priority) {
    return with(
        new Turn(turn.lock(), turn.limit(), turn.refuseWhenBusy(), priority, turn.patience()));
  }

  private RunRequest with(Turn other) {
    return new RunRequest(scriptId, enabled, invocation, door, trigger, other, meta);
  }

  /**
   * What {@code run} ran, once more: the same text, arguments, environment, directory and limits.
   *
   * @param script as it is now: whether it may run, and beside what; null: it was deleted, and the
   *     text is stored with the run
   * @param invocation of {@code run}
   * @param meta who asks for it
   * @param header of the request that asks for it, for a script whose runs are told apart by one
   */
  public static RunRequest again(
      Run run,
      @Nullable Script script,
      Invocation invocation,
      Trigger trigger,
      Meta meta,
      Function<String, @Nullable String> header) {
    return new RunRequest(
        script == null ? null : script.id(),
        script == null || script.enabled(),
        invocation,
        // The door says where a script without a directory of its own runs. A command has one of
        // the same kind, and brought a slot that a rerun does not have.
        run.door() == Door.COMMAND_LINE ? Door.ADMIN : run.door(),
        trigger,
        script == null ? Turn.FREE : Turn.of(script, Door.ADMIN, invocation.args(), header),
        meta.rerunning(run.id()));
  }

  /** A run of a text that is not stored. */
  public static RunRequest adHoc(
      ScriptStamp stamp,
      String text,
      List<String> args,
      List<EnvVariable> env,
      String workingDirectory,
      Duration timeout,
      Limits limits,
      Door door,
      Meta meta) {
    return new RunRequest(
        null,
        true,
        new Invocation(
            stamp,
            text,
            List.copyOf(args),
            null,
            List.copyOf(env),
            workingDirectory,
            timeout,
            limits),
        door,
        Trigger.API,
        Turn.FREE,
        meta);
  }

  /** Lower-case hex of the text's UTF-8. */
  public static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("Every Java platform has SHA-256", missing);
    }
  }
}
