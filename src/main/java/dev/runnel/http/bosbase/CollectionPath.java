package dev.runnel.http.bosbase;

import dev.runnel.account.Collection;
import dev.runnel.http.Call;
import dev.runnel.problem.Problem;

/** The collection that a path names. */
final class CollectionPath {
  private CollectionPath() {}

  /** By name or id; fails with {@code NotFound(COLLECTION)}. */
  static Collection of(Call call) {
    var name = call.path("collection");
    return Collection.of(name)
        .orElseThrow(() -> new Problem.NotFound(Problem.Kind.COLLECTION, name));
  }
}
