package dev.runnel.execution;

/**
 * One line of {@code /proc/PID/stat}.
 *
 * @param id which process
 * @param state R, S, D, T (stopped), Z (ended, not yet reaped), X
 * @param parent pid of its parent
 * @param group number of its process group
 * @param session pid of its session's leader, which may have ended long ago
 * @param terminal device of its controlling terminal, 0 for none
 * @param cpuTicks processor time in 1/100 s, its own and that of the children it has waited for
 * @param threads how many threads it has
 * @param residentPages pages of memory it holds, shared ones included
 */
record ProcessStat(
    ProcessId id,
    char state,
    long parent,
    long group,
    long session,
    long terminal,
    long cpuTicks,
    long threads,
    long residentPages) {

  /** The name in brackets may itself hold blanks and brackets, so counting starts behind it. */
  static ProcessStat parse(String line) {
    long pid = Long.parseLong(line, 0, line.indexOf(' '), 10);
    var fields = line.substring(line.lastIndexOf(')') + 2).strip().split(" ", -1);
    return new ProcessStat(
        new ProcessId(pid, Long.parseLong(fields[19])),
        fields[0].charAt(0),
        Long.parseLong(fields[1]),
        Long.parseLong(fields[2]),
        Long.parseLong(fields[3]),
        Long.parseLong(fields[4]),
        Long.parseLong(fields[11])
            + Long.parseLong(fields[12])
            + Long.parseLong(fields[13])
            + Long.parseLong(fields[14]),
        Long.parseLong(fields[17]),
        Long.parseLong(fields[21]));
  }

  long pid() {
    return id.pid();
  }

  /**
   * Whether it can still do anything. A zombie cannot, unless only its first thread has ended: then
   * the others run on behind its back.
   */
  boolean isAlive() {
    return (state != 'Z' && state != 'X' && state != 'x') || threads > 1;
  }

  boolean isZombie() {
    return state == 'Z' && threads <= 1;
  }
}
