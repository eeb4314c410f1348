package dev.runnel.execution;

import dev.runnel.bus.RunWrite.Neighbour;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Tells which other nodes are lost: those whose lease stood still while this node reached the
 * database all the time. It compares no clocks: only whether a lease has changed, and how much of
 * its own time has passed. After an outage of the database, or of this node, everybody's time
 * begins anew.
 */
final class LeaseWatch {
  /** Between two looks; after a longer one others may not have had the chance to renew either. */
  static final Duration LONGEST_GAP = Duration.ofSeconds(5);

  private record Watched(Neighbour seen, long sinceMillis) {}

  private final long leaseMillis;
  private Map<UUID, Watched> watched = Map.of();
  private long lastLook;

  /**
   * @param lease after which time without a renewal a node is lost
   */
  LeaseWatch(Duration lease) {
    this.leaseMillis = lease.toMillis();
  }

  /**
   * Takes in what the database has just said.
   *
   * @param nowMillis of a clock that does not jump
   * @return who is lost
   */
  List<Neighbour> lost(List<Neighbour> neighbours, long nowMillis) {
    if (nowMillis - lastLook > LONGEST_GAP.toMillis()) {
      unreachable();
    }
    lastLook = nowMillis;
    var next = new HashMap<UUID, Watched>();
    var lost = new ArrayList<Neighbour>();
    for (var neighbour : neighbours) {
      var before = watched.get(neighbour.node().id());
      var now =
          before != null && before.seen.equals(neighbour)
              ? before
              : new Watched(neighbour, nowMillis);
      next.put(neighbour.node().id(), now);
      if (nowMillis - now.sinceMillis >= leaseMillis) {
        lost.add(neighbour);
      }
    }
    watched = next;
    return lost;
  }

  /** The database did not answer. */
  void unreachable() {
    watched = Map.of();
  }
}
