package dev.runnel.store;

class EmbeddedRunLogTest extends RunLogContract {
  @Override
  Server server() {
    return EmbeddedServer.shared();
  }
}
