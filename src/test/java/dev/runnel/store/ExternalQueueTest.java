package dev.runnel.store;

class ExternalQueueTest extends QueueContract {
  @Override
  Server server() {
    return DebianServer.shared();
  }
}
