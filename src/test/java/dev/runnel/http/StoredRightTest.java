package dev.runnel.http;

class StoredRightTest extends RightTable {
  @Override
  Backend backend() {
    return Backend.fresh();
  }
}
