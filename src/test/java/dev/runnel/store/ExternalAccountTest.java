package dev.runnel.store;

class ExternalAccountTest extends AccountContract {
  @Override
  Server server() {
    return DebianServer.shared();
  }
}
