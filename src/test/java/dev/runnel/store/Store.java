package dev.runnel.store;

import static org.assertj.core.api.Assertions.catchThrowable;

import dev.runnel.bus.Ask;
import dev.runnel.bus.Bus;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.IntFunction;

/** A persistence verticle on a schema of its own, asked over a bus of its own. */
final class Store implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 30;

  /** Shows whether values are sealed at all: every bit is turned. */
  static final Sealer TURNED = Sealer.of(Store::turned, Store::turned);

  final Vertx vertx;
  final Bus bus;
  final Database database;

  private Store(Vertx vertx, Database database) {
    this.vertx = vertx;
    this.bus = Bus.of(vertx);
    this.database = database;
  }

  static Store open(Server server) {
    return open(server, "t_" + UUID.randomUUID().toString().replace("-", ""));
  }

  static Store open(Server server, String schema) {
    return open(server, schema, (_, _) -> TURNED);
  }

  static Store open(Server server, String schema, BiFunction<Vertx, Bus, Sealer> sealer) {
    var vertx =
        Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(1));
    var store = new Store(vertx, await(Database.open(vertx, server.address(schema))));
    await(
        vertx.deployVerticle(
            new PersistenceVerticle(store.bus, store.database, sealer.apply(vertx, store.bus))));
    return store;
  }

  <R> R ask(Ask<R> question) {
    return await(bus.ask(question));
  }

  /** What this question fails with. */
  Throwable refusal(Ask<?> question) {
    return catchThrowable(() -> ask(question));
  }

  /** Asks all at the same time. */
  <R> List<R> askAll(int count, IntFunction<Ask<R>> question) {
    var answers = new ArrayList<Future<R>>();
    for (var i = 0; i < count; i++) {
      answers.add(bus.ask(question.apply(i)));
    }
    return answers.stream().map(Store::await).toList();
  }

  long count(String sql) {
    return await(database.run(sql, Tuple.tuple())).iterator().next().getLong(0);
  }

  void execute(String sql) {
    await(database.run(sql, Tuple.tuple()));
  }

  static <R> R await(Future<R> future) {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
          .join();
    } catch (CompletionException failed) {
      if (failed.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw failed;
    }
  }

  @Override
  public void close() {
    await(database.close());
    await(vertx.close());
  }

  private static byte[] turned(byte[] bytes) {
    var result = new byte[bytes.length];
    for (var i = 0; i < bytes.length; i++) {
      result[i] = (byte) ~bytes[i];
    }
    return result;
  }
}
