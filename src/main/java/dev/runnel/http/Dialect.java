package dev.runnel.http;

import dev.runnel.problem.Problem;
import java.util.Map;

/** One door's way of speaking: its routes, the shape of its errors, what goes with each answer. */
public interface Dialect {

  /**
   * Paths that start with this and have no route are answered in this dialect's shape; the longest
   * prefix wins, {@code "/"} is for all others.
   */
  String prefix();

  Routes routes();

  /** Largest request body in bytes. */
  long bodyLimit();

  /** Headers of every answer. */
  Map<String, String> headers();

  /** The wire shape of a domain error. */
  Answer of(Problem problem);

  /** The wire shape of a request that was turned away. */
  Answer of(Refusal refusal);

  /** The wire shape of a bug: says nothing about it. */
  Answer unexpected();
}
