package dev.runnel.store;

class EmbeddedOneEndTest extends OneEndContract {
  @Override
  Server server() {
    return EmbeddedServer.shared();
  }
}
