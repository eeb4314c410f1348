package dev.runnel.execution;

import dev.runnel.config.ExecutionOptions.RunEnvironment;
import dev.runnel.problem.Problem;
import dev.runnel.script.EnvVariable;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the processes of a host run see as their environment. It is built from nothing, in this
 * order, later wins: what passes of the service's own, {@code EXECUTE_PATH}, the script's values,
 * the run's, the reserved ones.
 */
public final class ChildEnvironment {

  /** Passed on when nothing else of the service's environment is. */
  public static final Set<String> ALWAYS = Set.of("PATH", "HOME");

  /**
   * Beginnings of names that are the service's own or set for each run; never passed on, also when
   * no option has that name.
   */
  public static final List<String> RESERVED = List.of("RUNNEL_", "SCRIPT_");

  private static final String EXECUTE_PATH = "EXECUTE_PATH";

  private ChildEnvironment() {}

  /**
   * What every run on this node starts from. A variable that holds the value of one of the
   * service's own secrets is as secret as that one, whatever its name.
   *
   * @param service the environment of the service itself
   * @param serviceVariables every variable that the service reads: {@code Options.variables()}
   * @param executePath what the children see as {@code EXECUTE_PATH}, as an absolute path
   */
  public static Map<String, String> of(
      Map<String, String> service,
      RunEnvironment mode,
      Set<String> serviceVariables,
      Path executePath) {
    var passed = new LinkedHashMap<String, String>();
    var own = new LinkedHashMap<>(service);
    own.keySet().removeIf(name -> !isOwn(name, serviceVariables));
    var secrets = SecretLooking.values(own);
    service.forEach((name, value) -> {
      var passes =
          ALWAYS.contains(name)
              || switch (mode) {
                case NONE -> false;
                case FILTERED ->
                    !isOwn(name, serviceVariables)
                        && !SecretLooking.variable(name, value)
                        && secrets.stream().noneMatch(value::contains);
              };
      if (passes) {
        passed.put(name, value);
      }
    });
    passed.put(EXECUTE_PATH, executePath.toAbsolutePath().normalize().toString());
    return Collections.unmodifiableMap(passed);
  }

  private static boolean isOwn(String name, Set<String> serviceVariables) {
    return serviceVariables.contains(name) || RESERVED.stream().anyMatch(name::startsWith);
  }

  /**
   * The environment of one run.
   *
   * @param base what {@link #of} gave
   * @param script the script's own values, in order
   * @param run the values that came with the run
   * @param reserved {@code SCRIPT_*} and {@code RUNNEL_RUN_ID}; nobody overrides them
   * @throws Problem.Invalid when no process could be given one of the values
   */
  public static Map<String, String> withRun(
      Map<String, String> base,
      List<EnvVariable> script,
      List<EnvVariable> run,
      Map<String, String> reserved) {
    var environment = new LinkedHashMap<>(base);
    script.forEach(variable -> put(environment, variable));
    run.forEach(variable -> put(environment, variable));
    environment.putAll(reserved);
    return Collections.unmodifiableMap(environment);
  }

  private static void put(Map<String, String> environment, EnvVariable variable) {
    var key = variable.key();
    if (key.isEmpty() || key.indexOf('=') >= 0 || key.indexOf('\0') >= 0) {
      throw new Problem.Invalid("env", "A variable's name must not be empty or hold '=' or NUL");
    }
    if (variable.value().indexOf('\0') >= 0) {
      throw new Problem.Invalid("env", "The value of " + key + " must not hold NUL");
    }
    environment.put(key, variable.value());
  }
}
