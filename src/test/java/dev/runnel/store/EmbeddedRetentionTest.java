package dev.runnel.store;

class EmbeddedRetentionTest extends RetentionContract {
  @Override
  Server server() {
    return EmbeddedServer.shared();
  }
}
