package dev.runnel.store;

class ExternalPermissionTest extends PermissionContract {
  @Override
  Server server() {
    return DebianServer.shared();
  }
}
