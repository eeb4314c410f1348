package dev.runnel.store;

class ExternalScriptTest extends ScriptContract {
  @Override
  Server server() {
    return DebianServer.shared();
  }
}
