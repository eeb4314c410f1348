package dev.runnel.execution;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds what runs of an earlier life of the service have left, among all processes there are. */
final class Traces {
  private final Set<String> runIds = new HashSet<>();
  private final Map<Long, Remains> sessions = new HashMap<>();
  private final Map<ProcessId, String> owners = new HashMap<>();
  private final long self;

  Traces(Collection<Remains> remains, String bootId, long self) {
    this.self = self;
    for (var each : remains) {
      runIds.add(each.runId());
      if (each.bootId().equals(bootId)) {
        sessions.put(each.leader().pid(), each);
      }
    }
  }

  /**
   * The living ones, with their descendants; neither this JVM nor what stands above or below it.
   *
   * @param first told of each
   */
  Family.Sighting look(Consumer<ProcessStat> first) {
    Map<Long, ProcessStat> all =
        Proc.all().stream().collect(Collectors.toMap(ProcessStat::pid, Function.identity()));
    Map<Long, Optional<String>> left = new HashMap<>();
    Set<Long> above = new HashSet<>(pathUp(self, all));
    List<ProcessStat> found = new ArrayList<>();
    for (var process : all.values()) {
      var path = pathUp(process.pid(), all);
      if (!process.isAlive() || above.contains(process.pid()) || path.contains(self)) {
        continue;
      }
      var owner =
          path.stream()
              .filter(pid -> !above.contains(pid))
              .map(pid -> left.computeIfAbsent(pid, p -> runOf(all.get(p), all)))
              .flatMap(Optional::stream)
              .findFirst();
      if (owner.isPresent()) {
        owners.put(process.id(), owner.get());
        first.accept(process);
        found.add(process);
      }
    }
    return new Family.Sighting(found, true);
  }

  /** How many of these processes each run had, by run id. */
  Map<String, Integer> byRun(Collection<ProcessId> processes) {
    return processes.stream().collect(Collectors.toMap(owners::get, _ -> 1, Integer::sum));
  }

  private Optional<String> runOf(ProcessStat process, Map<Long, ProcessStat> all) {
    var mark = Proc.variable(process.pid(), Launch.RUN_ID);
    if (mark != null) {
      return Optional.of(mark).filter(runIds::contains);
    }
    return Optional.ofNullable(sessions.get(process.session()))
        .filter(remains -> isOfSession(process, remains, all.get(process.session())))
        .map(Remains::runId);
  }

  /**
   * The number of a session is not used again while it has members, but may be once all are gone: a
   * leader tells by its start time, members without one by theirs and by having no terminal.
   */
  private static boolean isOfSession(
      ProcessStat process, Remains remains, @Nullable ProcessStat leader) {
    return leader != null
        ? leader.id().equals(remains.leader())
        : process.terminal() == 0 && process.id().startTime() >= remains.leader().startTime();
  }

  /** The pids from a process up to the first one, itself included. */
  private static List<Long> pathUp(long pid, Map<Long, ProcessStat> all) {
    var path = new ArrayList<Long>();
    for (var at = all.get(pid); at != null && !path.contains(at.pid()); at = all.get(at.parent())) {
      path.add(at.pid());
    }
    return path;
  }
}
