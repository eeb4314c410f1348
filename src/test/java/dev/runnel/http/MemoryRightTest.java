package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.bus.PermissionAsk;
import dev.runnel.bus.ScriptAsk;
import dev.runnel.bus.StoreAsk;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MemoryRightTest extends RightTable {
  private final MemoryBackend backend = new MemoryBackend();

  @Override
  Backend backend() {
    return backend;
  }

  /** Of a superuser nothing is asked that was not asked before there were permissions. */
  @Test
  void oneQuestionFindsTheScriptAndWhoMay() throws Exception {
    assertThat(asked("user.py", service.superuserToken))
        .containsExactly(new ScriptAsk.Find("user.py"));
    assertThat(asked("user.py", service.userToken))
        .containsExactly(new PermissionAsk.ToExecute(List.of("user.py", "user.py.py")));
    assertThat(asked("anonymous.py", null)).hasSize(1);
  }

  private List<StoreAsk<?>> asked(String name, @Nullable String token) throws Exception {
    backend.asked.clear();
    assertThat(execute(name, "execute", token).status()).isEqualTo(200);
    return backend.asked.stream()
        .filter(question -> question instanceof ScriptAsk || question instanceof PermissionAsk)
        .toList();
  }
}
