package dev.runnel.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.bus.PermissionAsk;
import dev.runnel.bus.ScriptAsk;
import dev.runnel.problem.Problem;
import dev.runnel.script.Audience;
import dev.runnel.script.Executable;
import dev.runnel.script.Permission;
import dev.runnel.script.PermissionChange;
import dev.runnel.script.Script;
import dev.runnel.script.ScriptDraft;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Who may execute what. */
abstract class PermissionContract extends StoreContract {

  private Script script(String name) {
    return store.ask(new ScriptAsk.Create(ScriptDraft.plain(name, "echo", "")));
  }

  private Permission put(String name, Audience audience) {
    return store.ask(new PermissionAsk.Put(null, name, audience));
  }

  private Permission update(
      String name, @Nullable UUID scriptId, @Nullable String newName, @Nullable Audience audience) {
    return store.ask(
        new PermissionAsk.Update(name, new PermissionChange(scriptId, newName, audience)));
  }

  private Executable toExecute(String... names) {
    return store.ask(new PermissionAsk.ToExecute(List.of(names)));
  }

  @Test
  void aSecondPutChangesTheFirst() {
    var first = put("put.sh", Audience.USER);
    var second = put("put.sh", Audience.ANONYMOUS);

    assertThat(first.version()).isEqualTo(1);
    assertThat(first.scriptId()).isNull();
    assertThat(second.id()).isEqualTo(first.id());
    assertThat(second.version()).isEqualTo(2);
    assertThat(second.audience()).isEqualTo(Audience.ANONYMOUS);
    assertThat(second.created()).isEqualTo(first.created());
    assertThat(store.ask(new PermissionAsk.Find("put.sh"))).contains(second);
    assertThat(store.ask(new PermissionAsk.Find("Put.sh"))).isEmpty();
    assertThat(store.ask(new PermissionAsk.All())).contains(second);
  }

  @Test
  void manyPutsAtOnceMakeOneAndEachCounts() {
    var all = store.askAll(50, _ -> new PermissionAsk.Put(null, "rush.sh", Audience.USER));

    assertThat(all.stream().map(Permission::id).distinct()).hasSize(1);
    assertThat(all.stream().map(Permission::version).sorted())
        .containsExactlyElementsOf(LongStream.rangeClosed(1, 50).boxed().toList());
  }

  @Test
  void ofManyUpdatesAtOnceEachCounts() {
    put("hundred.sh", Audience.USER);
    store.askAll(
        100,
        _ ->
            new PermissionAsk.Update(
                "hundred.sh", new PermissionChange(null, null, Audience.ANONYMOUS)));

    assertThat(store.ask(new PermissionAsk.Find("hundred.sh")).orElseThrow().version())
        .isEqualTo(101);
  }

  @Test
  void theScriptIsKnownAsSoonAsThereIsOne() {
    put("later.sh", Audience.USER);
    assertThat(store.ask(new PermissionAsk.Find("later.sh")).orElseThrow().scriptId()).isNull();
    var script = script("later.sh");
    var found = store.ask(new PermissionAsk.Find("later.sh")).orElseThrow();

    assertThat(found.scriptId()).isEqualTo(script.id());
    assertThat(found.version()).isEqualTo(1);
    script("sooner.sh");
    assertThat(put("sooner.sh", Audience.USER).scriptId()).isNotNull();
    put("linked.wasm", Audience.USER);
    assertThat(update("linked.wasm", null, "sooner2.sh", null).scriptId()).isNull();
    assertThat(update("sooner2.sh", script.id(), null, null).scriptId()).isEqualTo(script.id());
  }

  @Test
  void aNameThatSomebodyHasIsTaken() {
    put("one.sh", Audience.USER);
    put("two.sh", Audience.USER);
    var clash = new PermissionChange(null, "two.sh", null);

    assertThat(store.refusal(new PermissionAsk.Update("one.sh", clash)))
        .isInstanceOfSatisfying(
            Problem.Taken.class, taken -> assertThat(taken.field()).isEqualTo("scriptName"));
    assertThat(store.refusal(new PermissionAsk.Update("none.sh", clash)))
        .isInstanceOf(Problem.NotFound.class);
    assertThat(update("one.sh", null, "one.sh", null).version()).isEqualTo(2);
    assertThat(store.ask(new PermissionAsk.Delete("one.sh"))).isTrue();
    assertThat(store.ask(new PermissionAsk.Delete("one.sh"))).isFalse();
  }

  @Test
  void thePermissionOfTheNameHoldsElseTheStrictestOfTheId() {
    var script = script("chosen.sh");
    assertThat(toExecute("chosen.sh").isPermitted()).isFalse();
    assertThat(toExecute("chosen.sh").audience()).isEqualTo(Audience.SUPERUSER);
    store.ask(new PermissionAsk.Put(script.id(), "alias1", Audience.ANONYMOUS));
    assertThat(toExecute("chosen.sh").audience()).isEqualTo(Audience.ANONYMOUS);
    store.ask(new PermissionAsk.Put(script.id(), "alias2", Audience.USER));
    assertThat(toExecute("chosen.sh").audience()).isEqualTo(Audience.USER);
    store.ask(new PermissionAsk.Put(script.id(), "alias3", Audience.SUPERUSER));
    assertThat(toExecute("chosen.sh").audience()).isEqualTo(Audience.SUPERUSER);
    assertThat(toExecute("chosen.sh").isPermitted()).isTrue();
    put("chosen.sh", Audience.ANONYMOUS);
    assertThat(toExecute("chosen.sh").audience()).isEqualTo(Audience.ANONYMOUS);
    assertThat(toExecute("chosen.sh").script()).contains(script);
  }

  @Test
  void theFirstNameThatAScriptHasIsMeant() {
    var longer = script("add.py");
    put("add.py", Audience.USER);
    put("add", Audience.ANONYMOUS);
    assertThat(toExecute("add", "add.py").script()).contains(longer);
    assertThat(toExecute("add", "add.py").audience()).isEqualTo(Audience.USER);
    var shorter = script("add");
    assertThat(toExecute("add", "add.py").script()).contains(shorter);
    assertThat(toExecute("add", "add.py").audience()).isEqualTo(Audience.ANONYMOUS);
    assertThat(toExecute("none", "none.py").script()).isEmpty();
    put("none", Audience.USER);
    assertThat(toExecute("none", "none.py").audience()).isEqualTo(Audience.USER);
  }

  @Test
  void permissionsGoWithTheirScript() {
    var script = script("mortal.sh");
    put("mortal.sh", Audience.ANONYMOUS);
    store.ask(new PermissionAsk.Put(script.id(), "mortal-alias", Audience.ANONYMOUS));
    put("bystander.sh", Audience.ANONYMOUS);

    assertThat(store.ask(new ScriptAsk.Delete(script.id()))).isTrue();
    assertThat(store.ask(new PermissionAsk.Find("mortal.sh"))).isEmpty();
    assertThat(store.ask(new PermissionAsk.Find("mortal-alias"))).isEmpty();
    assertThat(store.ask(new PermissionAsk.Find("bystander.sh"))).isPresent();
    script("mortal.sh");
    assertThat(toExecute("mortal.sh").isPermitted()).isFalse();
  }
}
