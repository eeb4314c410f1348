package dev.runnel.execution;

/** A process that could not be started; the message says what to do about it. */
final class StartFailed extends Exception {

  private final Obstacle obstacle;

  StartFailed(Obstacle obstacle, String message) {
    super(message);
    this.obstacle = obstacle;
  }

  /** What the kernel's refusal means for whoever wanted this process. */
  static StartFailed because(int error, Launch launch) {
    var name = launch.argv().getFirst();
    return switch (error) {
      case Errno.ENOENT ->
          new StartFailed(
              Obstacle.EXECUTABLE_NOT_FOUND,
              name + " names an interpreter in its first line that does not exist");
      case Errno.ENOTDIR ->
          new StartFailed(
              Obstacle.WORKING_DIRECTORY_NOT_FOUND,
              "Working directory not found: " + launch.workingDirectory());
      case Errno.EACCES ->
          new StartFailed(
              Obstacle.EXECUTABLE_NOT_RUNNABLE,
              "No permission to run " + name + " in " + launch.workingDirectory());
      case Errno.ENOEXEC ->
          new StartFailed(
              Obstacle.EXECUTABLE_NOT_RUNNABLE,
              name + " is no program: a script needs a first line such as #!/bin/sh");
      case Errno.E2BIG ->
          new StartFailed(
              Obstacle.ARGUMENTS_TOO_LONG,
              "Arguments and environment are too long for a process; pass large values through"
                  + " standard input or a file");
      case Errno.EAGAIN ->
          new StartFailed(
              Obstacle.TOO_MANY_PROCESSES,
              "No more processes allowed: raise the limit of the service's user (ulimit -u) or of"
                  + " its control group, or run fewer scripts at a time");
      case Errno.ENOMEM ->
          new StartFailed(
              Obstacle.OUT_OF_MEMORY,
              "Not enough memory to start a process; run fewer scripts at a time");
      case Errno.EMFILE, Errno.ENFILE ->
          new StartFailed(
              Obstacle.TOO_MANY_OPEN_FILES,
              "Too many open files: raise the limit of the service (ulimit -n) or run fewer scripts"
                  + " at a time");
      default ->
          new StartFailed(Obstacle.OTHER, "Starting " + name + " failed with error " + error);
    };
  }

  /** What stood in the way. */
  Obstacle obstacle() {
    return obstacle;
  }

  /** What can stand in the way of a start. */
  enum Obstacle {
    EXECUTABLE_NOT_FOUND,
    /** No permission to run it, or not a program at all. */
    EXECUTABLE_NOT_RUNNABLE,
    WORKING_DIRECTORY_NOT_FOUND,
    /** The kernel's limit on the size of arguments and environment. */
    ARGUMENTS_TOO_LONG,
    TOO_MANY_PROCESSES,
    OUT_OF_MEMORY,
    TOO_MANY_OPEN_FILES,
    OTHER
  }
}
