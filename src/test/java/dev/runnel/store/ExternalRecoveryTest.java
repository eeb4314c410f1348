package dev.runnel.store;

class ExternalRecoveryTest extends RecoveryContract {
  @Override
  Server server() {
    return DebianServer.shared();
  }
}
