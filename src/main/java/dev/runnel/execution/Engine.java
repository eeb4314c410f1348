package dev.runnel.execution;

import dev.runnel.bus.Bus;
import dev.runnel.bus.RunWrite.Lease;
import dev.runnel.config.Options;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the runs of this node work with; lives on the execution verticle's context. */
final class Engine {
  private final Vertx vertx;
  private final Context context;
  private final Options options;
  private final Bus bus;
  private final Starter starter;
  private final InstantSource clock;
  private @Nullable Lease lease;

  Engine(
      Vertx vertx,
      Context context,
      Options options,
      Bus bus,
      Starter starter,
      InstantSource clock) {
    this.vertx = vertx;
    this.context = context;
    this.options = options;
    this.bus = bus;
    this.starter = starter;
    this.clock = clock;
  }

  Context context() {
    return context;
  }

  Options options() {
    return options;
  }

  Bus bus() {
    return bus;
  }

  Starter starter() {
    return starter;
  }

  /** The node's right to write about its runs. */
  Lease lease() {
    return Objects.requireNonNull(lease, "the node has begun its life");
  }

  void holds(Lease current) {
    lease = current;
  }

  boolean holdsStill(Lease then) {
    return then.equals(lease);
  }

  /** The time of day, as precise as the database keeps it. */
  Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  /** A clock for pauses; does not jump. */
  long millis() {
    return System.nanoTime() / 1_000_000;
  }

  /** Runs the action once, after at least a millisecond. */
  long timer(long ms, Runnable action) {
    return vertx.setTimer(Math.max(1, ms), _ -> action.run());
  }

  /** Does nothing for a timer that has fired. */
  void cancelTimer(long timer) {
    vertx.cancelTimer(timer);
  }
}
