package dev.runnel;

import dev.runnel.cli.RunnelCommand;

/** The service's main class. */
public final class Runnel {
  private Runnel() {}

  /** Runs the command line and ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(RunnelCommand.execute(args));
  }
}
