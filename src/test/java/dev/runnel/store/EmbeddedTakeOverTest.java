package dev.runnel.store;

class EmbeddedTakeOverTest extends TakeOverContract {
  @Override
  Server server() {
    return EmbeddedServer.shared();
  }
}
