package dev.runnel.store;

class EmbeddedRunTest extends RunContract {
  @Override
  Server server() {
    return EmbeddedServer.shared();
  }
}
