package dev.runnel.store;

class EmbeddedTurnTest extends TurnContract {
  @Override
  Server server() {
    return EmbeddedServer.shared();
  }
}
