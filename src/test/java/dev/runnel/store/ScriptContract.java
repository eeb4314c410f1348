package dev.runnel.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.bus.ScriptAsk;
import dev.runnel.problem.Problem;
import dev.runnel.script.Concurrency;
import dev.runnel.script.ConcurrencyKey;
import dev.runnel.script.EnvVariable;
import dev.runnel.script.Language;
import dev.runnel.script.Limits;
import dev.runnel.script.Runner;
import dev.runnel.script.Script;
import dev.runnel.script.ScriptChange;
import dev.runnel.script.ScriptDraft;
import dev.runnel.script.ScriptHistory;
import dev.runnel.script.ScriptVersion;
import dev.runnel.script.Turns;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Scripts. */
abstract class ScriptContract extends StoreContract {

  @Test
  void everyFieldOfAScriptComesBackAsItWasGiven() {
    var limits = new Limits(1L, 2L, 3L, 4L, 5L);
    var turns = new Turns(7, new ConcurrencyKey.Header("X-Tenant"), -3);
    var env = List.of(new EnvVariable("B", "2 ü"), new EnvVariable("A", ""));
    var draft =
        new ScriptDraft(
            "full.js",
            "full-key",
            "Full",
            "says all",
            Language.NODE,
            Runner.VM2,
            "1 + 1",
            "/tmp",
            env,
            Duration.ofMillis(1_500),
            false,
            Concurrency.QUEUE,
            limits,
            turns);

    var created = store.ask(new ScriptAsk.Create(draft));

    assertThat(created)
        .extracting(Script::name, Script::codeIdentifier, Script::title, Script::description)
        .containsExactly("full.js", "full-key", "Full", "says all");
    assertThat(created)
        .extracting(Script::language, Script::runner, Script::text, Script::workingDirectory)
        .containsExactly(Language.NODE, Runner.VM2, "1 + 1", "/tmp");
    assertThat(created.env()).isEqualTo(env);
    assertThat(created.timeout()).isEqualTo(Duration.ofMillis(1_500));
    assertThat(created.enabled()).isFalse();
    assertThat(created.concurrency()).isEqualTo(Concurrency.QUEUE);
    assertThat(created.limits()).isEqualTo(limits);
    assertThat(created.turns()).isEqualTo(turns);
    assertThat(created.revision()).isEqualTo(1);
    assertThat(created.contentVersion()).isEqualTo(1);
    assertThat(created.updated()).isEqualTo(created.created());
    assertThat(store.ask(new ScriptAsk.Find("full.js"))).contains(created);
    assertThat(store.ask(new ScriptAsk.FindById(created.id()))).contains(created);
    assertThat(store.ask(new ScriptAsk.FindByCode("full-key"))).contains(created);
    assertThat(store.ask(new ScriptAsk.All())).contains(created);
  }

  @Test
  void aScriptComesBackWithItsPast() {
    var made = create("travels.sh");
    store.ask(new ScriptAsk.Update(made.id(), ScriptChange.content("echo 2", null)));
    var last = store.ask(new ScriptAsk.Update(made.id(), ScriptChange.content("echo 3", "d")));
    var versions = store.ask(new ScriptAsk.Versions(made.id(), 0, 10));
    assertThat(versions).extracting(ScriptVersion::version).containsExactly(1L, 2L, 3L);
    assertThat(versions.getLast().text()).isEqualTo("echo 3");
    assertThat(store.ask(new ScriptAsk.Versions(made.id(), 1, 1))).containsExactly(versions.get(1));

    var history =
        new ScriptHistory(
            new ScriptDraft(
                "back.sh",
                "back-sh",
                "t",
                "d",
                Language.BASH,
                Runner.HOST,
                "echo 3",
                "",
                List.of(),
                null,
                true,
                Concurrency.QUEUE,
                Limits.DEFAULT,
                new Turns(3, null, -5)),
            7,
            last.created(),
            last.updated(),
            versions);
    var back = store.ask(new ScriptAsk.Restore(history));

    assertThat(back)
        .extracting(Script::revision, Script::contentVersion, Script::created, Script::updated)
        .containsExactly(7L, 3L, last.created(), last.updated());
    assertThat(back.turns()).isEqualTo(history.newest().turns());
    assertThat(store.ask(new ScriptAsk.Versions(back.id(), 0, 10))).isEqualTo(versions);
    assertThat(store.refusal(new ScriptAsk.Restore(history))).isInstanceOf(Problem.Taken.class);
    var next = store.ask(new ScriptAsk.Update(back.id(), ScriptChange.content("echo 4", null)));
    assertThat(next.contentVersion()).isEqualTo(4);
  }

  @Test
  void namesDifferInCase() {
    create("case.py");

    assertThat(store.ask(new ScriptAsk.Find("Case.py"))).isEmpty();
    assertThat(store.ask(new ScriptAsk.Create(ScriptDraft.plain("Case.py", "", "")))).isNotNull();
  }

  @Test
  void aNameIsTakenOnlyOnce() {
    create("twice.py");

    assertThat(store.refusal(new ScriptAsk.Create(ScriptDraft.plain("twice.py", "", ""))))
        .isInstanceOfSatisfying(
            Problem.Taken.class, taken -> assertThat(taken.field()).isEqualTo("name"));
  }

  @Test
  void storedEnvironmentValuesAreSealed() {
    var script = create("sealed.sh");
    var env = List.of(new EnvVariable("TOKEN", "canary-4711"));

    var changed = store.ask(new ScriptAsk.Update(script.id(), env(env)));

    assertThat(changed.env()).isEqualTo(env);
    assertThat(
            store.count(
                "SELECT count(*) FROM scripts WHERE position('canary-4711'::bytea IN env) > 0"))
        .isZero();
    assertThat(store.ask(new ScriptAsk.Update(script.id(), env(List.of()))).env()).isEmpty();
  }

  @Test
  void aHundredConcurrentUpdatesRaiseBothCountersByAHundred() {
    var script = create("busy.sh");

    store.<Script>askAll(
        100, i -> new ScriptAsk.Update(script.id(), ScriptChange.content("echo " + i, null)));

    var after = store.ask(new ScriptAsk.FindById(script.id())).orElseThrow();
    assertThat(after.revision()).isEqualTo(101);
    assertThat(after.contentVersion()).isEqualTo(101);
    assertThat(versions(script)).isEqualTo(101);
  }

  @Test
  void anUpdateWithTheSameContentIsARevisionButNoVersion() {
    var script = create("same.sh");

    var after =
        store.ask(
            new ScriptAsk.Update(script.id(), ScriptChange.content(script.text(), "described")));

    assertThat(after.revision()).isEqualTo(2);
    assertThat(after.contentVersion()).isEqualTo(1);
    assertThat(after.description()).isEqualTo("described");
    assertThat(versions(script)).isEqualTo(1);
  }

  @Test
  void aChangeOfRunnerIsAVersion() {
    var script = create("runner.js");

    var after = store.ask(new ScriptAsk.Update(script.id(), runner(Runner.VM2)));

    assertThat(after.contentVersion()).isEqualTo(2);
    assertThat(versions(script)).isEqualTo(2);
  }

  @Test
  void aRunnerThatCannotRunTheLanguageIsInvalid() {
    var script = create("wrong.py");

    assertThat(store.refusal(new ScriptAsk.Update(script.id(), runner(Runner.VM2))))
        .isInstanceOf(Problem.Invalid.class);
  }

  @Test
  void aTimeoutOfZeroGoesBackToTheDoorsDefault() {
    var script = create("timeout.sh");

    var limited = store.ask(new ScriptAsk.Update(script.id(), timeout(Duration.ofSeconds(7))));
    assertThat(limited.timeout()).isEqualTo(Duration.ofSeconds(7));
    assertThat(store.ask(new ScriptAsk.Update(script.id(), timeout(Duration.ZERO))).timeout())
        .isNull();
  }

  @Test
  void derivedIdentifiersAreNumberedUntilOneIsFree() {
    assertThat(create("Next.sh").codeIdentifier()).isEqualTo("nextsh");
    assertThat(create("next.sh").codeIdentifier()).isEqualTo("nextsh-2");
    assertThat(create("NEXT.sh").codeIdentifier()).isEqualTo("nextsh-3");
  }

  @Test
  void concurrentDerivedIdentifiersAreAllDifferent() {
    var created =
        store.<Script>askAll(
            30, i -> new ScriptAsk.Create(ScriptDraft.plain("crowd" + ".".repeat(i + 1), "", "")));

    assertThat(created).extracting(Script::codeIdentifier).doesNotHaveDuplicates().hasSize(30);
  }

  @Test
  void derivedIdentifiersAreCutAndNeverReserved() {
    var first = create("x".repeat(120));
    var second = create("X".repeat(120));

    assertThat(first.codeIdentifier()).isEqualTo("x".repeat(100));
    assertThat(second.codeIdentifier()).isEqualTo("x".repeat(98) + "-2");
    assertThat(create("runs").codeIdentifier()).startsWith("script");
    assertThat(create("äöü").codeIdentifier()).startsWith("script");
  }

  @Test
  void aCodeIdentifierOfAnotherScriptIsTaken() {
    create("holder.sh");
    var script = create("renamed.sh");

    assertThat(store.refusal(new ScriptAsk.Update(script.id(), code("holdersh"))))
        .isInstanceOfSatisfying(
            Problem.Taken.class, taken -> assertThat(taken.field()).isEqualTo("codeIdentifier"));

    var renamed = store.ask(new ScriptAsk.Update(script.id(), code("brand-new")));
    assertThat(renamed.codeIdentifier()).isEqualTo("brand-new");
    assertThat(renamed.name()).isEqualTo("renamed.sh");
  }

  @Test
  void anExpectedVersionThatIsNotTheStoredOneIsStale() {
    var script = create("stale.sh");

    assertThat(store.ask(new ScriptAsk.Update(script.id(), expecting("a", 1L))).contentVersion())
        .isEqualTo(2);
    assertThat(store.refusal(new ScriptAsk.Update(script.id(), expecting("b", 1L))))
        .isInstanceOf(Problem.Stale.class)
        .hasMessageContaining("1")
        .hasMessageContaining("2");
    assertThat(store.refusal(new ScriptAsk.Update(UUID.randomUUID(), expecting("b", 1L))))
        .isInstanceOf(Problem.NotFound.class);
  }

  @Test
  void aDeletedScriptTakesItsVersionsAlong() {
    var script = create("gone.sh");
    store.ask(new ScriptAsk.Update(script.id(), ScriptChange.content("echo 2", null)));

    assertThat(store.ask(new ScriptAsk.Delete(script.id()))).isTrue();
    assertThat(store.ask(new ScriptAsk.Find("gone.sh"))).isEmpty();
    assertThat(versions(script)).isZero();
    assertThat(store.ask(new ScriptAsk.Delete(script.id()))).isFalse();
  }

  @Test
  void aNulIsRefusedAndHarmsNobodyElse() {
    assertThat(store.refusal(new ScriptAsk.Create(ScriptDraft.plain("nul.sh", "a\0b", ""))))
        .isNotNull();
    assertThat(create("after-nul.sh")).isNotNull();
  }

  @Test
  void turnsChangeOneByOneAndGoAway() {
    var script = create("turns-" + UUID.randomUUID());

    var limited = store.ask(turns(script, new Turns.Change(3, "arg:2", 50)));
    assertThat(limited.turns()).isEqualTo(new Turns(3, new ConcurrencyKey.Argument(2), 50));
    assertThat(limited.contentVersion()).isEqualTo(script.contentVersion());

    assertThat(store.ask(turns(limited, new Turns.Change(null, null, -1))).turns())
        .isEqualTo(new Turns(3, new ConcurrencyKey.Argument(2), -1));
    assertThat(store.ask(turns(limited, new Turns.Change(0, "", 0))).turns())
        .isEqualTo(Turns.DEFAULT);
  }

  @Test
  void aKeyOfAParallelScriptNeedsALimitToCount() {
    var script = create("keyed-" + UUID.randomUUID());

    assertThat(store.refusal(turns(script, new Turns.Change(null, "arg:1", null))))
        .isInstanceOf(Problem.Invalid.class)
        .hasMessageContaining("concurrencyLimit");
  }

  @Test
  void aSingleScriptHasNoOtherLimitThanOne() {
    var script = Starts.script(store, Concurrency.SINGLE);

    assertThat(store.ask(turns(script, new Turns.Change(1, null, null))).turns().limit())
        .isEqualTo(1);
    assertThat(store.refusal(turns(script, new Turns.Change(2, null, null))))
        .isInstanceOf(Problem.Invalid.class)
        .hasMessageContaining("single");
  }

  private static ScriptAsk.Update turns(Script script, Turns.Change turns) {
    return new ScriptAsk.Update(
        script.id(),
        new ScriptChange(
            null, null, null, null, null, null, null, null, null, null, null, null, turns, null));
  }

  private Script create(String name) {
    return store.ask(new ScriptAsk.Create(ScriptDraft.plain(name, "echo 1", "")));
  }

  private long versions(Script script) {
    return store.count(
        "SELECT count(*) FROM script_versions WHERE script_id = '" + script.id() + "'");
  }

  private static ScriptChange runner(Runner runner) {
    return change(null, runner, null, null, null, null);
  }

  private static ScriptChange env(List<EnvVariable> env) {
    return change(null, null, null, env, null, null);
  }

  private static ScriptChange timeout(Duration timeout) {
    return change(null, null, null, null, timeout, null);
  }

  private static ScriptChange code(String codeIdentifier) {
    return change(codeIdentifier, null, null, null, null, null);
  }

  private static ScriptChange expecting(String text, @Nullable Long version) {
    return change(null, null, text, null, null, Objects.requireNonNull(version));
  }

  private static ScriptChange change(
      @Nullable String codeIdentifier,
      @Nullable Runner runner,
      @Nullable String text,
      @Nullable List<EnvVariable> env,
      @Nullable Duration timeout,
      @Nullable Long expectedVersion) {
    return new ScriptChange(
        codeIdentifier,
        null,
        null,
        null,
        runner,
        text,
        null,
        env,
        timeout,
        null,
        null,
        null,
        Turns.Change.NONE,
        expectedVersion);
  }
}
