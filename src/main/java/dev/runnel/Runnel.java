package dev.runnel;

/** The service's main class. */
public final class Runnel {
  private Runnel() {}

  /** Runs the command line and ends the process with its exit code. */
  public static void main(String[] args) {
    System.out.println("runnel " + Runtime.version());
  }
}
