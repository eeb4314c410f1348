package dev.runnel.http;

import java.util.Map;

/**
 * One door's way of speaking: its routes, the shape of its errors, what goes with each answer.
 *
 * @param prefix paths that start with this and have no route are answered in this dialect's shape;
 *     the longest prefix wins, {@code "/"} is for all others
 * @param bodyLimit largest request body in bytes
 * @param headers of every answer
 * @param errors how it says no
 * @param manners what it understands beside plain JSON requests
 */
public record Dialect(
    String prefix,
    Routes routes,
    long bodyLimit,
    Map<String, String> headers,
    Wording errors,
    Manners manners) {

  /**
   * What a dialect may do beyond JSON from its own site.
   *
   * @param forms bodies may be forms too
   * @param picksFields {@code ?fields=…} shortens answers
   * @param cors which other sites' pages may call it
   */
  public record Manners(boolean forms, boolean picksFields, Cors cors) {
    static final Manners PLAIN = new Manners(false, false, Cors.CLOSED);
  }

  /** A dialect with JSON bodies and whole answers, for its own site. */
  public Dialect(
      String prefix, Routes routes, long bodyLimit, Map<String, String> headers, Wording errors) {
    this(prefix, routes, bodyLimit, headers, errors, Manners.PLAIN);
  }

  Body.Kind bodies() {
    return manners.forms() ? Body.Kind.JSON_OR_FORM : Body.Kind.JSON;
  }
}
