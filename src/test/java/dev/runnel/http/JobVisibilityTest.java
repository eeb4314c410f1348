package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.bus.Runs;
import dev.runnel.run.Door;
import dev.runnel.run.Meta;
import dev.runnel.run.RunRequest;
import dev.runnel.run.ScriptStamp;
import dev.runnel.script.Language;
import dev.runnel.script.Limits;
import dev.runnel.script.Runner;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A job is seen by superusers and by who started it; a guest's by whoever knows its id. */
class JobVisibilityTest {
  private TestService service;

  @BeforeEach
  void start() throws Exception {
    service = new TestService(Backend.fresh());
  }

  @AfterEach
  void stop() {
    service.close();
  }

  private UUID startedBy(String actorType, @Nullable String actorId) throws Exception {
    var stamp = new ScriptStamp("a", "a", Language.BASH, Runner.HOST, 1, "");
    var meta = new Meta(actorType, actorId, "bosbase", null, null, null);
    var request =
        RunRequest.adHoc(
            stamp,
            "true",
            List.of(),
            List.of(),
            "",
            Duration.ofSeconds(5),
            Limits.DEFAULT,
            Door.BOSBASE,
            meta);
    return TestService.await(Runs.over(service.bus).submit(request)).id();
  }

  private int asks(String token, UUID job) throws Exception {
    Map<String, String> headers = token.isEmpty() ? Map.of() : Map.of("Authorization", token);
    return service.send("GET", "/api/scripts/async/" + job, headers, new byte[0]).status();
  }

  @Test
  void aGuestsJobIsForWhoeverKnowsItsId() throws Exception {
    var job = startedBy("guest", null);
    assertThat(asks("", job)).isEqualTo(200);
    assertThat(asks(service.userToken, job)).isEqualTo(200);
  }

  @Test
  void aUsersJobIsForThatUserAndSuperusers() throws Exception {
    var job = startedBy("token", service.userId);
    assertThat(asks(service.userToken, job)).isEqualTo(200);
    assertThat(asks(service.superuserToken, job)).isEqualTo(200);
    assertThat(asks(service.otherToken, job)).isEqualTo(404);
    assertThat(asks("", job)).isEqualTo(404);
  }

  @Test
  void aScheduledRunIsNobodysButSuperusers() throws Exception {
    var job = startedBy("schedule", null);
    assertThat(asks("", job)).isEqualTo(404);
    assertThat(asks(service.userToken, job)).isEqualTo(404);
    assertThat(asks(service.superuserToken, job)).isEqualTo(200);
  }
}
