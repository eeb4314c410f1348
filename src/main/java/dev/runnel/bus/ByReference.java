package dev.runnel.bus;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;

/** Hands immutable records over inside this node; never leaves it. */
final class ByReference implements MessageCodec<Object, Object> {
  static final String NAME = "by-reference";

  @Override
  public Object transform(Object message) {
    return message;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public byte systemCodecID() {
    return -1;
  }

  @Override
  public void encodeToWire(Buffer buffer, Object message) {
    throw new IllegalStateException("Stays inside a node: " + message.getClass());
  }

  @Override
  public Object decodeFromWire(int position, Buffer buffer) {
    throw new IllegalStateException("Stays inside a node");
  }
}
