package dev.runnel.store;

class ExternalTurnTest extends TurnContract {
  @Override
  Server server() {
    return DebianServer.shared();
  }
}
