package dev.runnel.http;

/** Why a conversation ends, as RFC 6455 numbers it. */
public enum CloseCode {
  /** All was said. */
  NORMAL(1000),
  /** The service stops. */
  GOING_AWAY(1001),
  /** A message was not what it must be. */
  BAD_MESSAGE(1007),
  /** A rule of ours was broken: mostly, nothing came in time. */
  POLICY(1008),
  /** A message was too long. */
  TOO_BIG(1009),
  /** What was asked for failed. */
  FAILED(1011);

  private final short number;

  CloseCode(int number) {
    this.number = (short) number;
  }

  short number() {
    return number;
  }
}
