package dev.runnel.http;

import io.vertx.core.Future;

/** Answers one route; throws or fails with a domain error when it cannot. */
@FunctionalInterface
public interface Handler {
  Future<Answer> answer(Call call);
}
