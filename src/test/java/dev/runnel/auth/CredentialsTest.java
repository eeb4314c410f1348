package dev.runnel.auth;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Where credentials are looked for: the first that is there counts, also when it is bad. */
class CredentialsTest {
  private static final String COOKIE = "%7B%22token%22%3A%22c%22%7D";

  @Test
  void theHeaderBeatsTheQueryAndTheQueryTheCookie() {
    assertThat(Credentials.of("h", "q", COOKIE)).isEqualTo(new Credentials.Token("h", false));
    assertThat(Credentials.of("Bearer h", "q", COOKIE))
        .isEqualTo(new Credentials.Token("h", false));
    assertThat(Credentials.of(" ", "q", COOKIE)).isEqualTo(new Credentials.Token("q", false));
    assertThat(Credentials.of(null, "", COOKIE)).isEqualTo(new Credentials.Token("c", true));
    assertThat(Credentials.of(null, null, null)).isEqualTo(new Credentials.None());
  }

  @Test
  void aCookieWithoutATokenIsNothing() {
    for (var cookie :
        new String[] {
          "%", "x", "%7B%7D", "[]", "%7B%22token%22%3A1%7D", "%7B%22token%22%3A%22%22%7D"
        }) {
      assertThat(Credentials.of(null, null, cookie)).as(cookie).isEqualTo(new Credentials.None());
    }
  }

  @Test
  void basicIsOneInAnyCase() {
    assertThat(Credentials.of("bAsIc YTpiOmM=", null, null))
        .isEqualTo(new Credentials.Basic("a", "b:c"));
    assertThat(Credentials.of("Basic YQ==", null, null))
        .isEqualTo(new Credentials.UnreadableBasic());
    assertThat(Credentials.of("Basic /w==", null, null))
        .isEqualTo(new Credentials.UnreadableBasic());
  }

  @Test
  void browsersAddBasicAndCookiesByThemselves() {
    assertThat(Credentials.of("Basic YTpi", null, null).areAmbient()).isTrue();
    assertThat(Credentials.of(null, null, COOKIE).areAmbient()).isTrue();
    assertThat(Credentials.of("t", null, COOKIE).areAmbient()).isFalse();
    assertThat(Credentials.of(null, "t", COOKIE).areAmbient()).isFalse();
  }

  @Test
  void noSecretIsShown() {
    assertThat(Credentials.of("Basic YTpiOmM=", null, null).toString()).doesNotContain("b:c");
    assertThat(Credentials.of("secret", null, null).toString()).doesNotContain("secret");
  }
}
