package dev.runnel.store;

class EmbeddedScriptTest extends ScriptContract {
  @Override
  Server server() {
    return EmbeddedServer.shared();
  }
}
