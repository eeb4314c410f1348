package dev.runnel.auth;

import dev.runnel.account.Principal;

/**
 * Who is calling and what they presented; a guest may have presented credentials that do not hold.
 */
public record Caller(Principal principal, Credentials credentials) {

  /** Somebody whose credentials are none or do not hold. */
  public static Caller guest(Credentials credentials) {
    return new Caller(new Principal.Guest(), credentials);
  }
}
