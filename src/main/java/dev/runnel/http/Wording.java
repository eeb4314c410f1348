package dev.runnel.http;

import dev.runnel.problem.Problem;

/** How a dialect says no. */
public interface Wording {

  /** The wire shape of a domain error. */
  Answer of(Problem problem);

  /** The wire shape of a request that was turned away. */
  Answer of(Refusal refusal);

  /** The wire shape of a bug: says nothing about it. */
  Answer unexpected();
}
