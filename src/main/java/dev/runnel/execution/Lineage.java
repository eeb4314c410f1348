package dev.runnel.execution;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which of this JVM's children are what: leaders of runs, and helpers that the end of a run must
 * not touch. There is one for the whole JVM, as there is one list of children.
 *
 * <p>A helper in the JVM's own session needs no entry: no process of a run can get into it.
 */
final class Lineage {
  private static final Lineage OF_THIS_JVM = new Lineage();

  private final ReadWriteLock births = new ReentrantReadWriteLock(true);
  private final Map<Long, Leader> leaders = new ConcurrentHashMap<>();
  private final Set<ProcessId> unreaped = ConcurrentHashMap.newKeySet();
  private final Set<Long> helpers = ConcurrentHashMap.newKeySet();

  private Lineage() {}

  static Lineage ofThisJvm() {
    return OF_THIS_JVM;
  }

  /**
   * Held from before a process is started until it is entered here, so that nobody takes a newborn
   * for an orphan.
   */
  Lock birth() {
    return births.readLock();
  }

  /** Returns once every birth that had begun is entered. */
  @SuppressWarnings("LockNotBeforeTry") // there is nothing to do but to have waited
  void settle() {
    births.writeLock().lock();
    births.writeLock().unlock();
  }

  /** Enters the leader of a run; it stays until {@link #ended}. */
  void born(Leader leader) {
    leaders.put(leader.id().pid(), leader);
    unreaped.add(leader.id());
  }

  /** The launcher has reaped it; its processes may live on. */
  void reaped(ProcessId id) {
    unreaped.remove(id);
  }

  /** The run is over and nothing is left of it. */
  void ended(Leader leader) {
    leaders.remove(leader.id().pid(), leader);
  }

  Optional<Leader> leader(ProcessId id) {
    return Optional.ofNullable(leaders.get(id.pid())).filter(leader -> leader.id().equals(id));
  }

  /** The threads that have started the leaders of runs that have not ended. */
  Set<Long> parents() {
    return leaders.values().stream().map(Leader::parent).collect(Collectors.toSet());
  }

  /** The leader whose session this is. */
  @Nullable Leader ofSession(long session) {
    return leaders.get(session);
  }

  /** Whether a run that carries this mark has not ended. */
  boolean isActive(String runId) {
    return leaders.values().stream().anyMatch(leader -> runId.equals(leader.runId()));
  }

  /** Whether of all runs that have not ended only this one had begun at that time. */
  boolean isAloneSince(Leader leader, long time) {
    return leaders.values().stream()
        .allMatch(other -> other.equals(leader) || other.since() > time);
  }

  /** Whether this very process is a leader, or some launcher's to reap. */
  boolean isLeader(ProcessId id) {
    return unreaped.contains(id) || leader(id).isPresent();
  }

  /** Whether this number is that of a leader who has not been reaped, so nobody else's. */
  boolean isUnreapedLeader(long pid) {
    var leader = leaders.get(pid);
    return leader != null && unreaped.contains(leader.id());
  }

  /** Takes a helper and its session out of every end of a run. */
  void protect(long pid) {
    helpers.add(pid);
  }

  /** The helper has ended. */
  void release(long pid) {
    helpers.remove(pid);
  }

  boolean isProtected(long pid) {
    return helpers.contains(pid);
  }
}
