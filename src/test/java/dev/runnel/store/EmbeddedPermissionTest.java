package dev.runnel.store;

class EmbeddedPermissionTest extends PermissionContract {
  @Override
  Server server() {
    return EmbeddedServer.shared();
  }
}
