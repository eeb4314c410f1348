package dev.runnel.account;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is an e-mail address and what an id. */
class AccountTextTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a@b",
        "admin@localhost",
        "ann.o'neill+tag@mail.example.com",
        "_@x-y.org",
        "jörg@bücher.example",
        "山@例.jp"
      })
  void anAddress(String text) {
    assertThat(EmailAddress.isValid(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "@b",
        "a@",
        "a@@b",
        "a b@c",
        "a@b c",
        ".a@b",
        "a.@b",
        "a..b@c",
        "a@b.",
        "a@.b",
        "a@b..c",
        "a@b\n",
        "a\u0000@b",
        "<a@b>",
        "a@[1.2.3.4]",
        "a,b@c",
        "a@b/c",
        "\"a\"@b"
      })
  void noAddress(String text) {
    assertThat(EmailAddress.isValid(text)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {255, 256})
  void anAddressHasAtMost255Characters(int length) {
    assertThat(EmailAddress.isValid("a".repeat(length - 2) + "@b")).isEqualTo(length == 255);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"abcdefghij12345", "000000000000000", "01a1fd80-5b29-7407-ab5f-7f2e73f2048c"})
  void anId(String text) {
    assertThat(AccountId.isValid(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "abcdefghij1234",
        "abcdefghij123456",
        "Abcdefghij12345",
        "abcdefghij-2345",
        "01A1FD80-5B29-7407-AB5F-7F2E73F2048C",
        "01a1fd80-5b29-4407-ab5f-7f2e73f2048c",
        "01a1fd80-5b29-7407-cb5f-7f2e73f2048c",
        "01a1fd805b297407ab5f7f2e73f2048c"
      })
  void noId(String text) {
    assertThat(AccountId.isValid(text)).isFalse();
  }
}
