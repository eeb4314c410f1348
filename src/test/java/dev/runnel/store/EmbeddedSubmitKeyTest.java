package dev.runnel.store;

class EmbeddedSubmitKeyTest extends SubmitKeyContract {
  @Override
  Server server() {
    return EmbeddedServer.shared();
  }
}
