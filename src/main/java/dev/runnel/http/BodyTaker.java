package dev.runnel.http;

import io.vertx.core.Future;

/** Takes a body while it arrives. */
@FunctionalInterface
public interface BodyTaker {

  /**
   * The next piece. Nothing more is read before this completes, so no more of a body than one piece
   * is ever in memory. The last piece is followed by nothing: the body has ended when the reading
   * future completes.
   *
   * @param bytes lent until this completes; only the first {@code length} count
   */
  Future<Void> take(byte[] bytes, int length);
}
