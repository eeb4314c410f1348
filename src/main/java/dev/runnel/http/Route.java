package dev.runnel.http;

import dev.runnel.account.Role;
import io.vertx.core.http.HttpMethod;

/**
 * One endpoint.
 *
 * @param path with {@code :name} for a segment that is a parameter
 * @param role what the caller must have at least
 * @param streams the handler takes the body itself while it arrives: {@link Call#eachPiece}
 * @param alwaysOn answered also while nobody can be recognised because the database is away, and
 *     while the service stops
 */
public record Route(
    HttpMethod method, String path, Role role, boolean streams, boolean alwaysOn, Handler handler) {

  /** As in {@code GET /api/health}. */
  public String line() {
    return method + " " + path;
  }
}
