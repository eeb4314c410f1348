package dev.runnel.http;

import com.github.f4b6a3.uuid.UuidCreator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Names a request: as its sender did, if that is harmless in a log, else by a new UUIDv7. */
final class RequestId {
  private static final Pattern HARMLESS = Pattern.compile("[A-Za-z0-9._:/+=@-]{1,128}");

  private RequestId() {}

  static String of(@Nullable String given) {
    return given != null && HARMLESS.matcher(given).matches()
        ? given
        : UuidCreator.getTimeOrderedEpoch().toString();
  }
}
