package dev.runnel.http;

class MemoryRightTest extends RightTable {
  @Override
  Backend backend() {
    return new MemoryBackend();
  }
}
