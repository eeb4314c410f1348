package dev.runnel.http;

import io.vertx.core.http.HttpMethod;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds the route of a request. Paths are cut at {@code /} before anything is decoded, so {@code
 * %2F} never splits a segment; literal segments beat parameters, unless only the parameter has the
 * method. One trailing slash is ignored.
 */
final class RouteTable {
  private final Node root = new Node();
  private final List<Dialect> dialects;

  /** Refuses two routes of the same method and shape. */
  RouteTable(List<Dialect> dialects) {
    this.dialects =
        dialects.stream()
            .sorted(Comparator.comparingInt((Dialect dialect) -> -dialect.prefix().length()))
            .toList();
    for (var dialect : dialects) {
      for (var route : dialect.routes().all()) {
        add(new Found(dialect, route, Map.of()));
      }
    }
  }

  /** Where a request goes. */
  sealed interface Match {
    Dialect dialect();
  }

  /** {@code encoded}: the parameters as they are in the path, still percent-encoded. */
  record Found(Dialect dialect, Route route, Map<String, String> encoded) implements Match {}

  record Missing(Dialect dialect, Set<String> allowed) implements Match {}

  private static final class Node {
    final Map<String, Node> literals = new HashMap<>();
    @Nullable Node parameter;
    final Map<HttpMethod, Found> here = new HashMap<>();
  }

  Match match(HttpMethod method, String path) {
    var wanted = method.equals(HttpMethod.HEAD) ? HttpMethod.GET : method;
    var segments = segments(path);
    var allowed = new TreeSet<String>();
    var found = find(root, segments, 0, wanted, allowed);
    if (found == null) {
      return new Missing(dialectOf(path), allowed);
    }
    var encoded = new HashMap<String, String>();
    var names = segments(found.route().path());
    for (int i = 0; i < names.length; i++) {
      if (names[i].startsWith(":")) {
        encoded.put(names[i].substring(1), segments[i]);
      }
    }
    return new Found(found.dialect(), found.route(), encoded);
  }

  private static @Nullable Found find(
      Node node, String[] segments, int at, HttpMethod method, Set<String> allowed) {
    if (at == segments.length) {
      for (var other : node.here.keySet()) {
        allowed.add(other.name());
      }
      return node.here.get(method);
    }
    var literal = node.literals.get(segments[at]);
    var found = literal == null ? null : find(literal, segments, at + 1, method, allowed);
    return found != null || node.parameter == null || segments[at].isEmpty()
        ? found
        : find(node.parameter, segments, at + 1, method, allowed);
  }

  private void add(Found target) {
    var node = root;
    for (var segment : segments(target.route().path())) {
      if (!segment.startsWith(":")) {
        node = node.literals.computeIfAbsent(segment, _ -> new Node());
        continue;
      }
      if (node.parameter == null) {
        node.parameter = new Node();
      }
      node = node.parameter;
    }
    if (node.here.put(target.route().method(), target) != null) {
      throw new IllegalStateException("Two routes for " + target.route().line());
    }
  }

  private Dialect dialectOf(String path) {
    for (var dialect : dialects) {
      if (path.startsWith(dialect.prefix())) {
        return dialect;
      }
    }
    return dialects.getLast();
  }

  private static String[] segments(String path) {
    var end = path.length() > 1 && path.endsWith("/") ? path.length() - 1 : path.length();
    return path.substring(path.startsWith("/") ? 1 : 0, end).split("/", -1);
  }
}
