package dev.runnel.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.pgclient.SslMode;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseAddressTest {

  @Test
  void everyPartIsRead() {
    var address = parse("postgresql://u%40x:p%3A%2F+%25@db_1.example:6000/d%20b?sslmode=require");

    assertThat(address)
        .isEqualTo(
            new DatabaseAddress(
                "db_1.example", 6_000, "d b", "u@x", "p:/+%", "public", 8, SslMode.REQUIRE, null));
  }

  @Test
  void whatIsMissingHasADefault() {
    var address = parse("postgres://ann@localhost");

    assertThat(address.port()).isEqualTo(5_432);
    assertThat(address.database()).isEqualTo("ann");
    assertThat(address.password()).isNull();
    assertThat(address.ssl()).isEqualTo(SslMode.PREFER);
  }

  @Test
  void anIpV6AddressStandsInBrackets() {
    assertThat(parse("postgresql://u:p@[::1]:5433/d").host()).isEqualTo("::1");
    assertThat(parse("postgresql://u:p@[::1]:5433/d").port()).isEqualTo(5_433);
    assertThat(parse("postgresql://u:p@[fe80::2]/d").port()).isEqualTo(5_432);
  }

  @Test
  void aRootCertificateIsAFile() {
    assertThat(
            parse("postgresql://u@h/d?sslmode=verify-full&sslrootcert=/etc/ca%20x.pem")
                .rootCertificate())
        .isEqualTo(Path.of("/etc/ca x.pem"));
  }

  @Test
  void thePasswordIsNeverShown() {
    assertThat(parse("postgresql://u:secret@h/d").toString()).isEqualTo("postgresql://u@h:5432/d");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mysql://u:secret@h/d",
        "postgresql://h/d",
        "postgresql://u:secret@/d",
        "postgresql://u:secret@h:x/d",
        "postgresql://u:secret@h:0/d",
        "postgresql://u:secret@h:70000/d",
        "postgresql://u:secret%@h/d",
        "postgresql://u:secret@::1/d",
        "postgresql://u:secret@[::1/d",
        "postgresql://u:secret@a:1,b:2/d",
        "postgresql://u:secret@h/d?sslmode=maybe",
        "postgresql://u:secret@h/d?options=x",
      })
  void whatIsWrongIsSaidWithoutThePassword(String url) {
    assertThatThrownBy(() -> parse(url))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("postgresql://user:password@host:port/database")
        .hasMessageNotContaining("secret");
  }

  private static DatabaseAddress parse(String url) {
    return DatabaseAddress.parse(url, "public", 8);
  }
}
