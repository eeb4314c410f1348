package dev.runnel.store;

class ExternalTakeOverTest extends TakeOverContract {
  @Override
  Server server() {
    return DebianServer.shared();
  }
}
