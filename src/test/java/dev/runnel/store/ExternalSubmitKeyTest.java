package dev.runnel.store;

class ExternalSubmitKeyTest extends SubmitKeyContract {
  @Override
  Server server() {
    return DebianServer.shared();
  }
}
