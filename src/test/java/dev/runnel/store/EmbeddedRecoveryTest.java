package dev.runnel.store;

class EmbeddedRecoveryTest extends RecoveryContract {
  @Override
  Server server() {
    return EmbeddedServer.shared();
  }
}
