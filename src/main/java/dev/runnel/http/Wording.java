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

  /** The wire shape of whatever a handler failed with; what nobody thought of is logged. */
  default Answer of(String requestId, Throwable failure) {
    return switch (failure) {
      case Problem problem -> of(problem);
      case Refused refused -> of(refused.refusal());
      case DialectError error -> error.answer();
      case HungUp hungUp -> {
        Exchange.LOG.debug("Request {}: the caller hung up: {}", requestId, hungUp.getMessage());
        yield unexpected();
      }
      default -> {
        Exchange.LOG.error("Request {} failed", requestId, failure);
        yield unexpected();
      }
    };
  }
}
