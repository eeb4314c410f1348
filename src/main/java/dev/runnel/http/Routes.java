package dev.runnel.http;

import dev.runnel.account.Role;
import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.List;

/**
 * The endpoints of a dialect. There is no way to add one without saying who may use it; {@code
 * Role.GUEST} is everybody. A GET route answers HEAD too.
 */
public final class Routes {
  private final List<Route> all = new ArrayList<>();

  public Routes get(String path, Role role, Handler handler) {
    return add(HttpMethod.GET, path, role, handler);
  }

  public Routes post(String path, Role role, Handler handler) {
    return add(HttpMethod.POST, path, role, handler);
  }

  public Routes put(String path, Role role, Handler handler) {
    return add(HttpMethod.PUT, path, role, handler);
  }

  public Routes patch(String path, Role role, Handler handler) {
    return add(HttpMethod.PATCH, path, role, handler);
  }

  public Routes delete(String path, Role role, Handler handler) {
    return add(HttpMethod.DELETE, path, role, handler);
  }

  /** A WebSocket connection; its handler is asked like any other's before the upgrade. */
  public Routes webSocket(String path, Role role, SocketHandler handler) {
    return get(
        path,
        role,
        call -> {
          call.checkSameSite();
          return handler
              .open(call)
              .map(conversation -> {
                call.checkUpgrade();
                return new Answer.Upgrade(conversation);
              });
        });
  }

  /** A POST route whose handler takes the body while it arrives: see {@link Call#eachPiece}. */
  public Routes stream(String path, Role role, Handler handler) {
    all.add(new Route(HttpMethod.POST, path, role, true, false, handler));
    return this;
  }

  /** For everybody, at any time: see {@link Route#alwaysOn}. */
  public Routes alwaysOn(HttpMethod method, String path, Handler handler) {
    all.add(new Route(method, path, Role.GUEST, false, true, handler));
    return this;
  }

  /** In the order in which they were added. */
  public List<Route> all() {
    return List.copyOf(all);
  }

  private Routes add(HttpMethod method, String path, Role role, Handler handler) {
    all.add(new Route(method, path, role, false, false, handler));
    return this;
  }
}
