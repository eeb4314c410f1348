package dev.runnel.execution;

/** The runs at a time on this node. */
final class Slots {
  private final int size;
  private int free;

  Slots(int size) {
    this.size = size;
    this.free = size;
  }

  boolean tryTake() {
    if (free <= 0) {
      return false;
    }
    free--;
    return true;
  }

  /** Takes one although none may be free: for a run that the store has given us already. */
  void takeAnyway() {
    free--;
  }

  /** Takes every free slot; answers how many those are. */
  int takeAll() {
    var taken = Math.max(0, free);
    free -= taken;
    return taken;
  }

  void giveBack(int count) {
    free += count;
  }

  int free() {
    return free;
  }

  int size() {
    return size;
  }
}
