package dev.runnel.store;

class ExternalRetentionTest extends RetentionContract {
  @Override
  Server server() {
    return DebianServer.shared();
  }
}
