package dev.runnel.http;

import dev.runnel.bus.Bus;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

/** What the doors under test stand on: whatever answers their questions on the bus. */
interface Backend extends AutoCloseable {

  /** The real store and engine. */
  static Backend fresh() {
    return new RealBackend();
  }

  Future<?> deploy(Vertx vertx, Bus bus);

  /** Removes what it has left, after Vert.x was closed. */
  @Override
  default void close() {}
}
