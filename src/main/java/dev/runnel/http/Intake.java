package dev.runnel.http;

import java.util.concurrent.atomic.AtomicBoolean;

/** Whether new requests are taken; one for all HTTP verticles of a node. */
public final class Intake {
  private final AtomicBoolean open = new AtomicBoolean(true);

  /** From now on new requests are refused with 503; those that run go on. */
  public void close() {
    open.set(false);
  }

  public boolean isOpen() {
    return open.get();
  }
}
