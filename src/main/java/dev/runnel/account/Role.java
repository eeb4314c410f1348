package dev.runnel.account;

/** What a route asks of its caller; each role includes those before it. */
public enum Role {
  GUEST,
  USER,
  SUPERUSER
}
