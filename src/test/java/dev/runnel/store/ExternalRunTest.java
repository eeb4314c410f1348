package dev.runnel.store;

class ExternalRunTest extends RunContract {
  @Override
  Server server() {
    return DebianServer.shared();
  }
}
