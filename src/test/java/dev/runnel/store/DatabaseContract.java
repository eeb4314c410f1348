package dev.runnel.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How tables come into being. */
abstract class DatabaseContract {

  abstract Server server();

  @Test
  void aSchemaIsCreatedOnceAndKeptAfterwards() {
    var server = server();
    try (var first = Store.open(server, "Kept \"once\"")) {
      Starts.life(first);
    }
    try (var second = Store.open(server, "Kept \"once\"")) {
      assertThat(second.count("SELECT count(*) FROM nodes")).isEqualTo(1);
      assertThat(
              second.count(
                  "SELECT count(*) FROM pg_tables WHERE tablename = 'runs' AND"
                      + " schemaname = current_schema()"))
          .isEqualTo(1);
    }
  }

  @Test
  void twoNodesMayStartAtTheSameTimeOnAnEmptySchema() {
    var server = server();
    var vertx = Vertx.vertx();
    try {
      var one = Database.open(vertx, server.address("raced"));
      var two = Database.open(vertx, server.address("raced"));
      assertThat(Store.await(one.compose(Database::health))).isTrue();
      assertThat(Store.await(two.compose(Database::health))).isTrue();
    } finally {
      Store.await(vertx.close());
    }
  }

  @Test
  void aServerThatAnswersOthersIsUpHoweverLongOneHasToWait() {
    try (var store = Store.open(server(), "busy")) {
      // Each takes a connection of its own; the quick ones are others.
      var connections = server().address("busy").connections();
      var sleeping =
          IntStream.range(0, connections - Math.min(2, connections / 2))
              .mapToObj(_ -> store.database.run("SELECT pg_sleep(2)", Tuple.tuple()))
              .toList();
      var health = store.database.health();
      while (!health.isComplete()) {
        assertThat(Store.await(store.database.quick().run("SELECT 1", Tuple.tuple())).iterator())
            .hasNext();
      }
      assertThat(sleeping).noneMatch(Future::isComplete);
      assertThat(Store.await(health)).isTrue();
      sleeping.forEach(Store::await);
    }
  }

  @Test
  void tablesOfANewerRunnelAreRefusedWithWhatToDo() {
    var server = server();
    try (var store = Store.open(server, "newer")) {
      store.execute(
          """
          INSERT INTO flyway_schema_history
          SELECT 99, '99', 'later', type, 'V99__later.sql', checksum, installed_by, now(), 1, true
            FROM flyway_schema_history WHERE version = '1'
          """);
      var failure =
          catchThrowable(() -> Store.await(Database.open(store.vertx, server.address("newer"))));

      assertThat(failure)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("newer Runnel")
          .hasMessageContaining("99");
    }
  }

  @Test
  void anUnknownDatabaseIsRefusedWithItsAddress() {
    var known = server().address("public");
    var unknown = DatabaseAddress.local(known.port(), "nowhere", known.user(), "", "public", 2);
    var vertx = Vertx.vertx();
    try {
      assertThat(catchThrowable(() -> Store.await(Database.open(vertx, unknown))))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("nowhere");
    } finally {
      Store.await(vertx.close());
    }
  }
}
