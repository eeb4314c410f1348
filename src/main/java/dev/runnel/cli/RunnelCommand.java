package dev.runnel.cli;

import dev.runnel.config.BadOption;
import dev.runnel.config.BuildVersion;
import dev.runnel.execution.ProcessHost;
import dev.runnel.problem.Problem;
import dev.runnel.secret.UnusableKey;
import dev.runnel.store.embedded.DatabaseUnusable;
import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;

/** {@code runnel}: without a command it serves. */
@Command(
    name = "runnel",
    description = "Stores scripts and runs them: bash, node and python over HTTP.",
    mixinStandardHelpOptions = true,
    versionProvider = RunnelCommand.Version.class,
    subcommands = {
      ServeCommand.class,
      RunFileCommand.class,
      SuperuserCommand.class,
      ExportCommand.class,
      ImportCommand.class,
      RotateKeyCommand.class,
      DoctorCommand.class,
      OpenApiCommand.class
    })
public final class RunnelCommand {
  /** A problem that the operator has to solve before it can work. */
  static final int UNUSABLE = 1;

  private RunnelCommand() {}

  /** Runs a command line; answers the process's exit code. */
  public static int execute(String[] args) {
    if (args.length > 0 && !args[0].equals("serve")) {
      // What a command prints is its answer; only trouble is logged beside it.
      System.setProperty("runnel.log.level", "WARN");
    }
    // First of all: scripts of a service beside this command may be looking.
    ProcessHost.hide();
    var commandLine = new CommandLine(new RunnelCommand());
    commandLine.setExecutionExceptionHandler((failure, command, _) -> {
      command.getErr().println(explain(failure));
      return UNUSABLE;
    });
    return commandLine.execute(args.length == 0 ? new String[] {"serve"} : args);
  }

  /** What the operator reads; a stack trace only for what nobody foresaw. */
  private static String explain(Exception failure) {
    return switch (failure) {
      case BadOption bad -> String.valueOf(bad.getMessage());
      case ParameterException wrong -> String.valueOf(wrong.getMessage());
      case IllegalStateException unusable -> String.valueOf(unusable.getMessage());
      case UnusableKey unusable -> String.valueOf(unusable.getMessage());
      case DatabaseUnusable unusable -> String.valueOf(unusable.getMessage());
      case ImportFolder.Faulty faulty -> String.valueOf(faulty.getMessage());
      case IOException file -> file.toString();
      case Problem problem -> String.valueOf(problem.getMessage());
      default -> {
        var trace = new java.io.StringWriter();
        failure.printStackTrace(new java.io.PrintWriter(trace));
        yield trace.toString();
      }
    };
  }

  /** {@code runnel --version}. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"runnel " + BuildVersion.number(), "Java " + Runtime.version()};
    }
  }
}
