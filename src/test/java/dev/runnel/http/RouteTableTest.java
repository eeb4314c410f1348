package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.account.Role;
import dev.runnel.problem.Problem;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Which route a path means, before anything in it is decoded. */
class RouteTableTest {
  private static final Handler NOTHING = _ -> Future.succeededFuture(Answer.nothing());

  static final Wording NO_WORDS =
      new Wording() {
        @Override
        public Answer of(Problem problem) {
          return Answer.nothing();
        }

        @Override
        public Answer of(Refusal refusal) {
          return Answer.nothing();
        }

        @Override
        public Answer unexpected() {
          return Answer.nothing();
        }
      };

  private static Dialect door(String prefix, Consumer<Routes> routes) {
    var all = new Routes();
    routes.accept(all);
    return new Dialect(prefix, all, 0, Map.of(), NO_WORDS);
  }

  private final Dialect plain =
      door(
          "/",
          routes ->
              routes
                  .get("/s", Role.GUEST, NOTHING)
                  .get("/s/:name", Role.GUEST, NOTHING)
                  .post("/s/upload", Role.GUEST, NOTHING)
                  .post("/s/:name/execute", Role.GUEST, NOTHING)
                  .post("/s/async/:name/execute", Role.GUEST, NOTHING)
                  .get("/s/async/:id", Role.GUEST, NOTHING));
  private final Dialect admin = door("/a", routes -> routes.get("/a/:id", Role.USER, NOTHING));
  private final RouteTable table = new RouteTable(List.of(plain, admin));

  private void finds(String method, String path, String route, Map<String, String> parameters) {
    assertThat(table.match(HttpMethod.valueOf(method), path))
        .isInstanceOfSatisfying(
            RouteTable.Found.class,
            found -> {
              assertThat(found.route().path()).isEqualTo(route);
              assertThat(found.encoded()).isEqualTo(parameters);
            });
  }

  private void misses(String method, String path, Dialect dialect, String... allowed) {
    assertThat(table.match(HttpMethod.valueOf(method), path))
        .isInstanceOfSatisfying(
            RouteTable.Missing.class,
            missing -> {
              assertThat(missing.dialect()).isEqualTo(dialect);
              assertThat(missing.allowed()).containsExactlyInAnyOrder(allowed);
            });
  }

  @Test
  void literalsBeatParametersUnlessOnlyTheParameterFits() {
    finds("POST", "/s/upload", "/s/upload", Map.of());
    finds("GET", "/s/upload", "/s/:name", Map.of("name", "upload"));
    finds("GET", "/s/async", "/s/:name", Map.of("name", "async"));
    finds("GET", "/s/async/1", "/s/async/:id", Map.of("id", "1"));
    finds("POST", "/s/async/execute", "/s/:name/execute", Map.of("name", "async"));
    finds("POST", "/s/async/x/execute", "/s/async/:name/execute", Map.of("name", "x"));
  }

  @Test
  void anEncodedSlashSplitsNothingAndAnEncodedLiteralIsNone() {
    finds("GET", "/s/a%2Fb", "/s/:name", Map.of("name", "a%2Fb"));
    finds("POST", "/s/%61sync/execute", "/s/:name/execute", Map.of("name", "%61sync"));
    misses("GET", "/s/%61sync/1", plain);
  }

  @Test
  void headIsGetAndOneTrailingSlashIsIgnored() {
    finds("HEAD", "/s/x", "/s/:name", Map.of("name", "x"));
    finds("GET", "/s/", "/s", Map.of());
    misses("GET", "/s//", plain);
    misses("GET", "//s", plain);
  }

  @Test
  void whatIsMissingIsAnsweredByTheDoorOfItsPrefix() {
    misses("GET", "/", plain);
    misses("GET", "", plain);
    misses("GET", "*", plain);
    misses("GET", "/a", admin);
    misses("POST", "/a/x", admin, "GET");
    misses("DELETE", "/s/upload", plain, "GET", "POST");
  }

  @Test
  void twoRoutesOfOneShapeAreRefused() {
    var twice =
        door(
            "/",
            routes -> routes.get("/x/:a", Role.USER, NOTHING).get("/x/:b", Role.GUEST, NOTHING));
    assertThatThrownBy(() -> new RouteTable(List.of(twice)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("GET /x/:b");
  }

  @Test
  void aSegmentIsDecodedOnce() {
    assertThat(PathSegment.decoded("a%2Fb%20c+%C3%A9%252F")).isEqualTo("a/b c+é%2F");
    var unescaped = new String("dé".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    assertThat(PathSegment.decoded(unescaped + "%C3%A9")).isEqualTo("déé");
    for (var bad : List.of("%", "%2", "a%zz", "%00", "%ff", "%C3", "%+1", "%-1", "\u00ff")) {
      assertThatThrownBy(() -> PathSegment.decoded(bad)).as(bad).isInstanceOf(Refused.class);
    }
  }

  @Test
  void whatBrowsersSayAboutTheSenderIsUnderstood() {
    assertThat(SameSite.comesFromElsewhere(null, null, "x")).isFalse();
    assertThat(SameSite.comesFromElsewhere(null, "same-origin", "x")).isFalse();
    assertThat(SameSite.comesFromElsewhere(null, "none", "x")).isFalse();
    assertThat(SameSite.comesFromElsewhere(null, "same-site", "x")).isTrue();
    assertThat(SameSite.comesFromElsewhere(null, "cross-site", "x")).isTrue();
    assertThat(SameSite.comesFromElsewhere("http://X:8090", null, "x:8090")).isFalse();
    assertThat(SameSite.comesFromElsewhere("http://x", null, "x:80")).isFalse();
    assertThat(SameSite.comesFromElsewhere("https://x:443", null, "x")).isFalse();
    assertThat(SameSite.comesFromElsewhere("http://x:8091", null, "x:8090")).isTrue();
    assertThat(SameSite.comesFromElsewhere("http://x.evil", "same-origin", "x")).isTrue();
    assertThat(SameSite.comesFromElsewhere("null", null, "x")).isTrue();
    assertThat(SameSite.comesFromElsewhere("http://[", null, "x")).isTrue();
    assertThat(SameSite.comesFromElsewhere("http://x", null, null)).isTrue();
  }
}
