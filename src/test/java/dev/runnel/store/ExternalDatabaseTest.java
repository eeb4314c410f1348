package dev.runnel.store;

class ExternalDatabaseTest extends DatabaseContract {
  @Override
  Server server() {
    return DebianServer.shared();
  }
}
