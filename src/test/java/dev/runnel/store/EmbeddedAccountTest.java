package dev.runnel.store;

class EmbeddedAccountTest extends AccountContract {
  @Override
  Server server() {
    return EmbeddedServer.shared();
  }
}
