package dev.runnel.store;

class EmbeddedQueueTest extends QueueContract {
  @Override
  Server server() {
    return EmbeddedServer.shared();
  }
}
