package dev.runnel.bus;

import io.vertx.core.Future;

/** Whether the parts of the service answer. */
public interface Health {

  static Health over(Bus bus) {
    return new BusHealth(bus);
  }

  /** Fails with {@code Unavailable} when the database does not answer. */
  Future<Boolean> store();

  /** How full this node is; fails with {@code Unavailable} when nothing can be started. */
  Future<ExecutionAsk.Load.Now> execution();
}
