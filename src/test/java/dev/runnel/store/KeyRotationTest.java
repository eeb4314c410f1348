package dev.runnel.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.runnel.bus.KeyAsk;
import dev.runnel.bus.RunWrite;
import dev.runnel.bus.ScriptAsk;
import dev.runnel.config.DataOptions;
import dev.runnel.problem.Problem;
import dev.runnel.script.Concurrency;
import dev.runnel.script.EnvVariable;
import dev.runnel.script.Script;
import dev.runnel.script.ScriptChange;
import dev.runnel.script.Turns;
import dev.runnel.secret.KeyPlace;
import dev.runnel.secret.KeyRotation;
import dev.runnel.secret.SecretKey;
import dev.runnel.secret.SharedKey;
import dev.runnel.secret.UnusableKey;
import io.vertx.core.eventbus.DeliveryContext;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The secret key changes under processes that work with it. */
class KeyRotationTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @TempDir Path dir;

  private final String schema = "t_" + UUID.randomUUID().toString().replace("-", "");
  private final SecretKey first = SecretKey.random();

  /** A process on the schema of this test, with its key. */
  private static final class Member implements AutoCloseable {
    private final Store store;
    private @Nullable SharedKey key;

    /**
     * @param joined whether it looks after the key as every command does
     */
    Member(String schema, DataOptions options, boolean joined) {
      store =
          Store.open(
              EmbeddedServer.shared(),
              schema,
              (vertx, bus) -> {
                key = new SharedKey(vertx, bus, new KeyPlace(options), SecretKey.of(options));
                return Sealer.of(key);
              });
      if (joined) {
        try {
          Store.await(key().join());
        } catch (RuntimeException refused) {
          store.close();
          throw refused;
        }
      }
    }

    SharedKey key() {
      return Objects.requireNonNull(key);
    }

    KeyRotation rotation(Duration patience) {
      return new KeyRotation(store.bus, key(), patience);
    }

    SecretKey rotate() {
      assertThat(rotation(PATIENCE).run(null, _ -> {}).behind()).isZero();
      return key().ring().newest();
    }

    Script script() {
      return Starts.script(store, Concurrency.PARALLEL);
    }

    void queueRun(Script script) {
      store.ask(Starts.insert(Starts.request(script), Starts.life(store), false));
    }

    List<EnvVariable> env(Script script) {
      return store.ask(new ScriptAsk.FindById(script.id())).orElseThrow().env();
    }

    List<EnvVariable> claimedEnv() {
      return store
          .ask(new RunWrite.Claim(Starts.life(store), 1, Instant.now()))
          .getFirst()
          .invocation()
          .env();
    }

    @Override
    public void close() {
      store.close();
    }
  }

  private Member with(SecretKey key) {
    return new Member(schema, option(key), true);
  }

  private DataOptions option(SecretKey key) {
    return new DataOptions(dir.resolve("option"), key.base64());
  }

  private Member withFile(String node) {
    return new Member(schema, new DataOptions(dir.resolve(node), null), true);
  }

  private static long sealedBy(Member process, SecretKey key) {
    var id = key.sealer().seal(new byte[0])[0] & 0xff;
    return process.store.count(
        "SELECT (SELECT count(*) FROM scripts WHERE length(env) > 0 AND get_byte(env, 0) = "
            + id
            + ") + (SELECT count(*) FROM runs WHERE length(env) > 0 AND get_byte(env, 0) = "
            + id
            + ")");
  }

  @Test
  void everyValueIsSealedAnewAndTheOldKeyIsRefusedAfterwards() {
    try (var process = with(first)) {
      var script = process.script();
      process.queueRun(script);
      assertThat(sealedBy(process, first)).isEqualTo(2);

      var second = process.rotate();

      assertThat(sealedBy(process, first)).isZero();
      assertThat(sealedBy(process, second)).isEqualTo(2);
      assertThat(process.store.count("SELECT count(*) FROM settings")).isEqualTo(2);
      assertThatThrownBy(() -> with(first))
          .isInstanceOf(UnusableKey.class)
          .hasMessageContaining("belongs to another secret key than that of RUNNEL_SECRET_KEY")
          .message()
          .doesNotContain(first.base64());
      try (var next = with(second)) {
        assertThat(next.env(script)).containsExactly(new EnvVariable("KEY", "value"));
        assertThat(next.claimedEnv())
            .containsExactly(new EnvVariable("KEY", "value"), new EnvVariable("RUN", "1"));
      }
    }
  }

  @Test
  void aRunningProcessTakesTheKeyAndPutsItIntoItsFile() {
    try (var service = withFile("service")) {
      var before = service.key().ring().newest();
      var changed = new AtomicInteger();
      service.key().ring().onChange(_ -> changed.incrementAndGet());
      try (var command = with(before)) {
        var script = command.script();
        var second = command.rotate();

        assertThat(service.key().ring().newest()).isEqualTo(second);
        assertThat(changed).hasValue(1);
        assertThat(service.env(script)).hasSize(1);
        assertThat(sealedBy(service, before)).isZero();
        service.script();
        assertThat(sealedBy(service, second)).isEqualTo(2);
        assertThat(SecretKey.of(new DataOptions(dir.resolve("service"), null))).isEqualTo(second);
      }
    }
  }

  /** It has not even looked when it meets the first value of the new key. */
  @Test
  void whoMeetsAValueOfTheNewKeyLearnsItThen() {
    try (var command = with(first);
        var asleep = new Member(schema, option(first), false)) {
      var old = asleep.script();
      killedBefore(KeyAsk.Fence.class, 1, Duration.ZERO, command);
      var second = command.key().ring().newest();
      var fresh = command.script();

      assertThat(asleep.key().ring().newest()).isEqualTo(first);
      assertThat(asleep.env(fresh)).hasSize(1);
      assertThat(asleep.env(old)).hasSize(1);
      assertThat(asleep.key().ring().newest()).isEqualTo(second).isNotEqualTo(first);
    }
  }

  @Test
  void whoHasSleptThroughTheChangeLeavesNothingBehindThatNobodyCanOpen() {
    try (var command = with(first);
        var asleep = new Member(schema, option(first), false)) {
      var script = asleep.script();
      assertThat(command.rotation(Duration.ZERO).run(null, _ -> {}).behind()).isEqualTo(1);

      assertThatThrownBy(asleep::script)
          .isInstanceOf(Problem.Unavailable.class)
          .hasMessageContaining("secret key");
      assertThatThrownBy(() -> asleep.env(script)).isInstanceOf(UnusableKey.class);
      var renamed =
          new ScriptChange(
              null,
              "t",
              null,
              null,
              null,
              null,
              null,
              null,
              null,
              null,
              null,
              null,
              Turns.Change.NONE,
              null);
      assertThat(catchThrowable(() -> asleep.store.ask(new ScriptAsk.Update(script.id(), renamed))))
          .isInstanceOf(UnusableKey.class);
      assertThat(sealedBy(command, first)).isZero();
    }
  }

  record Kill(Class<?> before, int time) {}

  static List<Kill> everyStep() {
    return List.of(
        new Kill(KeyAsk.Announce.class, 1),
        new Kill(KeyAsk.Taken.class, 1),
        new Kill(KeyAsk.Behind.class, 1),
        new Kill(KeyAsk.Fence.class, 1),
        new Kill(KeyAsk.Reseal.class, 1),
        new Kill(KeyAsk.Reseal.class, 2),
        new Kill(KeyAsk.Finish.class, 1));
  }

  /** What was killed is started again, with the old key in its option or with what its file has. */
  @ParameterizedTest
  @MethodSource("everyStep")
  void killedAtAnyStepNothingIsLostAndARepeatGoesOn(Kill kill) throws Exception {
    SecretKey before;
    Script script;
    try (var killed = withFile("node")) {
      before = killed.key().ring().newest();
      script = killed.script();
      killed.queueRun(script);
      killedBefore(kill.before(), kill.time(), PATIENCE, killed);
    }
    try (var file = withFile("node");
        var option = with(before)) {
      var fresh = option.script();
      for (var process : List.of(file, option)) {
        assertThat(process.env(script)).containsExactly(new EnvVariable("KEY", "value"));
        assertThat(process.env(fresh)).hasSize(1);
      }
      option.rotate();
      var second = option.key().ring().newest();

      assertThat(sealedBy(file, before)).isZero();
      assertThat(sealedBy(file, second)).isEqualTo(3);
      assertThat(file.store.count("SELECT count(*) FROM settings")).isEqualTo(2);
      assertThat(file.claimedEnv()).hasSize(2);
      Awaitility.await().until(() -> file.key().ring().newest().equals(second));
    }
    assertThat(SecretKey.of(new DataOptions(dir.resolve("node"), null))).isNotEqualTo(before);
    withFile("node").close();
  }

  /** The rotation of this process goes as far as the given question and no further. */
  private static void killedBefore(Class<?> question, int time, Duration patience, Member process) {
    var rotating = Thread.currentThread();
    var seen = new AtomicInteger();
    process
        .store
        .vertx
        .eventBus()
        .addOutboundInterceptor((DeliveryContext<Object> sent) -> {
          if (question.isInstance(sent.body()) && seen.incrementAndGet() == time) {
            rotating.interrupt();
          } else {
            sent.next();
          }
        });
    assertThat(catchThrowable(() -> process.rotation(patience).run(null, _ -> {})))
        .isInstanceOf(InterruptedException.class);
  }

  @Test
  void aThousandValuesAndMoreAreSealedAnewPageByPage() {
    try (var process = with(first)) {
      var script = process.script();
      process.queueRun(script);
      process.store.execute(
          "INSERT INTO scripts SELECT (jsonb_populate_record(scripts, jsonb_build_object("
              + " 'id', gen_random_uuid(), 'name', 'n' || i, 'code_identifier', 'c' || i))).*"
              + " FROM scripts, generate_series(1, 2500) AS i");
      var done = process.rotation(PATIENCE).run(null, _ -> {});
      assertThat(done.resealed()).isEqualTo(2_502);
      assertThat(sealedBy(process, first)).isZero();
    }
  }

  @Test
  void theWantedKeyIsTakenUnlessItCannotBe() {
    try (var process = with(first)) {
      assertThatThrownBy(() -> process.rotation(PATIENCE).run(first, _ -> {}))
          .hasMessageContaining("is the one in use");
      var second = SecretKey.random();
      process.rotation(PATIENCE).run(second, key -> assertThat(key).isEqualTo(second));
      assertThat(process.key().ring().newest()).isEqualTo(second);
    }
  }

  @Test
  void anotherKeyThanTheAnnouncedOneIsRefusedAndTheFirstChangeStillEnds() {
    try (var process = with(first)) {
      killedBefore(KeyAsk.Fence.class, 1, PATIENCE, process);
      assertThatThrownBy(() -> process.rotation(PATIENCE).run(SecretKey.random(), _ -> {}))
          .hasMessageContaining("being changed to another one already");
      process.rotate();
      assertThat(process.store.count("SELECT count(*) FROM settings")).isEqualTo(2);
    }
  }
}
