package dev.runnel.execution;

/** Holds back what a run prints. Every method may be called on any thread. */
interface Tap {

  /**
   * Stops reading, so that whoever goes on printing waits. Called by the listener inside {@link
   * ChildListener#output} it holds at once; called elsewhere a few chunks may follow.
   */
  void pause();

  /** Reads on. */
  void resume();
}
