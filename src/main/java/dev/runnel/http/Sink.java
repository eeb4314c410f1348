package dev.runnel.http;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;

/** The open end of a streaming answer, used on the caller's event loop only. */
public interface Sink {

  /** The caller has gone, or was closed because it took nothing for too long. */
  boolean isClosed();

  /**
   * Writes; completes when the socket has taken everything, so waiting for it before the next write
   * bounds what is buffered to one write. Fails when the caller is gone.
   */
  Future<Void> write(Buffer bytes);

  /** Ends the answer. */
  void end();

  /** Breaks the answer off, so that the caller does not take it for a whole one. */
  void abort();
}
