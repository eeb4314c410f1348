package dev.runnel.http.bosbase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.account.Principal;
import dev.runnel.bus.Ask;
import dev.runnel.bus.Bus;
import dev.runnel.bus.PermissionAsk;
import dev.runnel.bus.Permissions;
import dev.runnel.bus.Scripts;
import dev.runnel.bus.StoreAsk;
import dev.runnel.http.Answer;
import dev.runnel.script.Audience;
import dev.runnel.script.Executable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The decision table as wasm runs see it: by the file's path, with words of their own. */
class ExecuteRightTest {
  private static final String SUPERUSERS = "The request requires superuser authorization token.";
  private static final String NO = "You are not allowed to execute this wasm.";

  private final Vertx vertx = Vertx.vertx();
  private final Bus bus = Bus.of(vertx);
  private Optional<Audience> permission = Optional.empty();

  @BeforeEach
  void answer() {
    bus.answer(
        Ask.Address.STORE,
        StoreAsk.class,
        question -> {
          assertThat(question).isEqualTo(new PermissionAsk.ToExecute(List.of("a/b.wasm")));
          return Future.succeededFuture(Executable.of(Optional.empty(), permission));
        });
  }

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @ParameterizedTest
  @CsvSource({
    "NONE, 401, 403",
    "ANONYMOUS, 200, 200",
    "USER, 401, 200",
    "SUPERUSER, 401, 403",
  })
  void theTable(String row, int guest, int user) {
    permission = row.equals("NONE") ? Optional.empty() : Optional.of(Audience.valueOf(row));
    var guestText = row.equals("USER") ? Errors.TOKEN_REQUIRED : SUPERUSERS;

    assertThat(told(new Principal.Guest())).isEqualTo(guest == 200 ? "" : guest + " " + guestText);
    assertThat(told(new Principal.User("u"))).isEqualTo(user == 200 ? "" : user + " " + NO);
    assertThat(told(new Principal.Superuser("s", Principal.Credential.TOKEN))).isEmpty();
  }

  /** Status and message; empty: it is allowed. */
  private String told(Principal principal) {
    var right = new ExecuteRight(Scripts.over(bus), Permissions.over(bus));
    return right
        .wasm(principal, "a/b.wasm")
        .map("")
        .otherwise(failure ->
            ((Refuse) failure).answer() instanceof Answer.Json json
                ? json.status() + " " + failure.getMessage()
                : "?")
        .toCompletionStage()
        .toCompletableFuture()
        .join();
  }
}
