package dev.runnel.store;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** What the store promises, held against one kind of server: a schema for each class. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class StoreContract {
  @SuppressWarnings("NullAway.Init") // set before every test
  Store store;

  abstract Server server();

  @BeforeAll
  void open() {
    store = Store.open(server());
  }

  @AfterAll
  void close() {
    if (store != null) {
      store.close();
    }
  }
}
