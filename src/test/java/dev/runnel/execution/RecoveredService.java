package dev.runnel.execution;

import java.util.List;

/** The next life of a service: it ends what one run of the former life has left. */
final class RecoveredService {
  private RecoveredService() {}

  /** Arguments: run id, pid and start time of its leader, boot id. Prints how many it killed. */
  public static void main(String[] args) {
    var leader = new ProcessId(Long.parseLong(args[1]), Long.parseLong(args[2]));
    var remains = List.of(new Remains(args[0], leader, args[3]));
    System.out.print(ProcessTree.ofThisJvm().recover(remains).getOrDefault(args[0], 0));
    System.out.flush();
  }
}
