package dev.runnel.http;

import dev.runnel.auth.Credentials;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether a request may change something, given what browsers say about where it comes from. */
final class SameSite {
  private static final Set<HttpMethod> HARMLESS =
      Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

  private SameSite() {}

  /**
   * Refuses changes that another site made a browser send, with credentials that browsers add by
   * themselves. Clients that send neither {@code Origin} nor {@code Sec-Fetch-Site} pass.
   */
  static void check(HttpServerRequest request, Credentials credentials) {
    if (!HARMLESS.contains(request.method())) {
      checkChange(request, credentials);
    }
  }

  /** The same for a request that changes something although its method says that it does not. */
  static void checkChange(HttpServerRequest request, Credentials credentials) {
    if (credentials.areAmbient()
        && comesFromElsewhere(
            request.getHeader("Origin"),
            request.getHeader("Sec-Fetch-Site"),
            request.getHeader("Host"))) {
      throw new Refused(new Refusal.CrossSite());
    }
  }

  static boolean comesFromElsewhere(
      @Nullable String origin, @Nullable String fetchSite, @Nullable String host) {
    if (origin != null) {
      return host == null || !authority(origin).equals(withoutDefaultPort(host, origin));
    }
    return fetchSite != null && !fetchSite.equals("same-origin") && !fetchSite.equals("none");
  }

  private static String authority(String origin) {
    try {
      var authority = URI.create(origin).getRawAuthority();
      return authority == null ? "" : withoutDefaultPort(authority, origin);
    } catch (IllegalArgumentException notAUrl) {
      return "";
    }
  }

  private static String withoutDefaultPort(String authority, String origin) {
    var port = origin.startsWith("https:") ? ":443" : ":80";
    var plain = authority.toLowerCase(Locale.ROOT);
    return plain.endsWith(port) ? plain.substring(0, plain.length() - port.length()) : plain;
  }
}
