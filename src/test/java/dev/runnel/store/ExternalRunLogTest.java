package dev.runnel.store;

class ExternalRunLogTest extends RunLogContract {
  @Override
  Server server() {
    return DebianServer.shared();
  }
}
