package dev.runnel.bus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.account.AccountChange;
import dev.runnel.account.AccountDraft;
import dev.runnel.account.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Questions may end up in a log; what they carry must not. */
class AccountAskTest {

  @Test
  void noQuestionShowsAHashOrAKey() {
    var draft = new AccountDraft(Collection.USERS, null, "a@b", false, false, "");
    var renewal = new AccountAsk.Renewal("secret-1", "secret-2", "secret-3");
    var questions =
        List.of(
            new AccountAsk.Upsert(Collection.USERS, "a@b", "secret-1", "secret-2"),
            new AccountAsk.Create(draft, "secret-1", "secret-2"),
            new AccountAsk.Update(Collection.USERS, "id", AccountChange.NOTHING, renewal));
    assertThat(questions.toString()).contains("new password").doesNotContain("secret");
  }
}
