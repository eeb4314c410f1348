package dev.runnel.store;

class ExternalOneEndTest extends OneEndContract {
  @Override
  Server server() {
    return DebianServer.shared();
  }
}
