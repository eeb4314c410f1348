package dev.runnel.execution.bash;

import dev.runnel.execution.Interpreter.Workplace;
import dev.runnel.execution.Trial;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * Finds out what the login of one environment leaves in a shell, and whether that can be restored.
 * Starts five shells, three of them real logins.
 */
final class LoginTaker {
  static final String STATE = "login_state.bash";
  static final String FILES = "login_files.bash";

  /** A profile that takes longer is not worth to be tried again and again. */
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private static final int MOST_FILES = 200;
  private static final long MOST_TEXT = 4 << 20;

  /** A profile that mentions these looks at the single run. */
  private static final Pattern RUN_ITSELF =
      Pattern.compile("(?<!\\w)(SCRIPT_|RUNNEL_)|BASH_EXECUTION_STRING");

  /** The service sets this limit anew for each run, so that it cannot be compared. */
  private static final Pattern PROCESS_LIMIT = Pattern.compile("ulimit[^;&|\\n]*\\s-[a-zA-Z]*u");

  /** A function with these looks at where it was written. */
  private static final Pattern OWN_PLACE = Pattern.compile("BASH_SOURCE|BASH_LINENO|\\bcaller\\b");

  private final Workplace workplace;
  private final String mark = "login " + UUID.randomUUID();

  LoginTaker(Workplace workplace) {
    this.workplace = workplace;
  }

  /** Thrown when the profile can only be run, not restored; the message continues "the profile". */
  private static final class OnlyReal extends Exception {
    OnlyReal(String reason) {
      super(reason);
    }
  }

  /**
   * Blocks for five starts of bash.
   *
   * @throws IOException when one of them cannot be started
   */
  Login take() throws IOException, InterruptedException {
    var none = WatchedFiles.of(List.of());
    try {
      var files = WatchedFiles.of(files());
      try {
        return restorable(files);
      } catch (OnlyReal found) {
        return new Login.Real(files, reason(found));
      }
    } catch (OnlyReal found) {
      return new Login.Real(none, reason(found));
    }
  }

  private static String reason(OnlyReal found) {
    return Optional.ofNullable(found.getMessage()).orElse("");
  }

  private Login restorable(WatchedFiles files) throws IOException, InterruptedException, OnlyReal {
    checkTexts(files);
    var one = environment("");
    var other = environment("~");
    var plain = state(List.of("--noprofile"), one, List.of());
    var login = state(List.of(), one, List.of());
    var again = state(List.of(), other, List.of("one", "two's"));
    check(plain, login, again);
    var file = workplace.keep("login-" + UUID.randomUUID(), Restoration.commands(plain, login));
    try {
      var fast = new HashMap<>(other);
      fast.put(Login.ENV, file.toString());
      var restored = state(List.of("--noprofile"), fast, List.of("one", "two's"));
      var wrong = again.withoutRandom().changedFrom(restored.withoutRandom());
      if (!wrong.isEmpty()) {
        throw new OnlyReal("sets what cannot be restored: " + wrong.firstKey());
      }
      if (!files.areUnchanged()) {
        throw new OnlyReal("is being changed");
      }
      return new Login.Restorable(files, file);
    } catch (IOException | OnlyReal | RuntimeException | InterruptedException failure) {
      Files.delete(file);
      throw failure;
    }
  }

  private static void check(LoginState plain, LoginState login, LoginState again) throws OnlyReal {
    for (var forbidden :
        Map.of(
                "trap",
                "sets a trap",
                "debug",
                "sets a trap",
                "jobs",
                "starts processes in the background",
                "background",
                "starts processes in the background",
                "dirs",
                "changes the directory",
                "descriptors",
                "opens or closes descriptors",
                LoginState.VARIABLE + Login.ENV,
                "sets BASH_ENV")
            .entrySet()) {
      if (!login.part(forbidden.getKey()).equals(plain.part(forbidden.getKey()))) {
        throw new OnlyReal(forbidden.getValue());
      }
    }
    if (login.part("random").equals(again.part("random"))) {
      throw new OnlyReal("sets RANDOM");
    }
    if (!login.part("arguments").isEmpty()
        || !again.part("arguments").equals("'one' 'two'\\''s'")) {
      throw new OnlyReal("changes the script's arguments");
    }
    var different = login.withoutTheRuns().changedFrom(again.withoutTheRuns());
    if (!different.isEmpty()) {
      throw new OnlyReal("gives something else each time: " + different.firstKey());
    }
    var changed = login.changedFrom(plain);
    for (var part : changed.entrySet()) {
      if (part.getKey().startsWith(LoginState.VARIABLE)
          && LoginKey.isOfTheRun(part.getKey().substring(LoginState.VARIABLE.length()))) {
        throw new OnlyReal("changes " + part.getKey());
      }
      if (part.getKey().startsWith(LoginState.FUNCTION)
          && OWN_PLACE.matcher(part.getValue()).find()) {
        throw new OnlyReal("has a function that asks where it stands: " + part.getKey());
      }
    }
  }

  /** The run's environment, with other values for what is another in each run. */
  private Map<String, String> environment(String variation) {
    var environment = new HashMap<>(workplace.environment());
    environment.replaceAll((name, value) -> LoginKey.isOfTheRun(name) ? value + variation : value);
    environment.put("RUNNEL_RUN_ID", UUID.randomUUID().toString());
    return environment;
  }

  private LoginState state(
      List<String> options, Map<String, String> environment, List<String> arguments)
      throws IOException, InterruptedException, OnlyReal {
    var said =
        shell(
            options,
            environment,
            limited ->
                ". %s %s %s \"$?\" \"$_\" \"${PIPESTATUS[*]}\" \"$(trap -p DEBUG)\" \"$@\""
                    .formatted(
                        LoginState.quoted(workplace.library(STATE).toString()),
                        LoginState.quoted(mark),
                        LoginState.quoted(limited)),
            arguments);
    if (said.exitCode() == null) {
      throw new OnlyReal("takes longer than " + LIMIT.toSeconds() + " s");
    }
    if (said.leftBehind() > 0) {
      throw new OnlyReal("starts processes that stay");
    }
    if (said.err().length > 0) {
      throw new OnlyReal("prints");
    }
    return LoginState.parse(mark, said.out())
        .orElseThrow(() -> new OnlyReal("prints, ends the shell or redirects its output"));
  }

  private Trial shell(
      List<String> options,
      Map<String, String> environment,
      UnaryOperator<String> text,
      List<String> arguments)
      throws IOException, InterruptedException {
    return workplace.attempt(
        limited -> {
          var argv = new ArrayList<>(List.of("bash"));
          argv.addAll(options);
          argv.addAll(List.of("-lc", text.apply(limited.toString()), "bash"));
          argv.addAll(arguments);
          return argv;
        },
        environment,
        LIMIT);
  }

  private Collection<Path> files() throws IOException, InterruptedException, OnlyReal {
    var tracer = workplace.library(FILES);
    var said =
        shell(
            List.of("--noprofile"),
            environment(""),
            _ -> ". " + LoginState.quoted(tracer.toString()),
            List.of());
    if (said.exitCode() == null) {
      throw new OnlyReal("takes longer than " + LIMIT.toSeconds() + " s");
    }
    var home = Path.of(workplace.environment().getOrDefault("HOME", "/"));
    var files = TracedFiles.in(said.out(), workplace.workingDirectory(), home, tracer);
    if (files.size() > MOST_FILES) {
      throw new OnlyReal("reads more than " + MOST_FILES + " files");
    }
    return files;
  }

  private static void checkTexts(WatchedFiles files) throws IOException, OnlyReal {
    for (var path : files.paths()) {
      if (Files.isRegularFile(path) && Files.isReadable(path)) {
        if (Files.size(path) > MOST_TEXT) {
          throw new OnlyReal("reads a file of more than " + MOST_TEXT + " bytes: " + path);
        }
        var text = Files.readString(path, StandardCharsets.ISO_8859_1);
        if (RUN_ITSELF.matcher(text).find()) {
          throw new OnlyReal("looks at the run itself: " + path);
        }
        if (PROCESS_LIMIT.matcher(text).find()) {
          throw new OnlyReal("limits its processes: " + path);
        }
      }
    }
  }
}
