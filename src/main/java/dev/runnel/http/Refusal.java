package dev.runnel.http;

import dev.runnel.account.Role;
import dev.runnel.auth.Caller;
import java.util.Set;

/** A request that was turned away before its handler could do anything; each dialect words it. */
public sealed interface Refusal {

  /**
   * No route.
   *
   * @param allowed methods that the path does have, {@code GET} first; empty: no such path
   */
  record NoRoute(Set<String> allowed) implements Refusal {}

  /** The caller lacks the role. */
  record Denied(Role needed, Caller caller) implements Refusal {}

  /** Another site made a browser send this, with credentials that browsers add by themselves. */
  record CrossSite() implements Refusal {}

  /** Not the upgrade to a WebSocket connection that its route is for. */
  record NoUpgrade() implements Refusal {}

  /**
   * What came is no request, or has a head that is too long.
   *
   * @param status 400, 414 or 431
   */
  record BadRequest(int status, String why) implements Refusal {}

  /** Path or query that cannot be read. */
  record BadUrl(String why) implements Refusal {}

  /** The body is not what it says, or not a JSON object. */
  record BadBody(String why) implements Refusal {}

  /**
   * A field of the body that is not what it should be.
   *
   * @param path as in {@code env[2].value}
   * @param rule what it must be
   */
  record BadField(String path, String rule) implements Refusal {}

  /** The body is longer than {@code limit} bytes. */
  record TooLarge(long limit) implements Refusal {}

  /** The body did not arrive in time. */
  record TooSlow() implements Refusal {}
}
