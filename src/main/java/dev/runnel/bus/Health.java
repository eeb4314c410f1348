package dev.runnel.bus;

import io.vertx.core.Future;
import java.util.List;

/** Whether the parts of the service answer. */
public interface Health {

  static Health over(Bus bus) {
    return new BusHealth(bus);
  }

  /** Fails with {@code Unavailable} when the database does not answer. */
  Future<Boolean> store();

  /** How full this node is; fails with {@code Unavailable} when nothing can be started. */
  Future<ExecutionAsk.Load.Now> execution();

  /** The limits of runs and which of them this node enforces. */
  Future<List<HostLimit>> limits();
}
