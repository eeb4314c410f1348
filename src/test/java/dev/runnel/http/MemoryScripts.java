package dev.runnel.http;

import dev.runnel.account.Account;
import dev.runnel.account.Collection;
import dev.runnel.bus.AccountAsk;
import dev.runnel.bus.ScriptAsk;
import dev.runnel.problem.Problem;
import dev.runnel.script.CodeIdentifier;
import dev.runnel.script.Script;
import dev.runnel.script.ScriptChange;
import dev.runnel.script.ScriptDraft;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Stop-gap for the store: scripts and accounts in memory, until the doors are tested on it. */
final class MemoryScripts {
  private final List<Script> scripts = new ArrayList<>();
  private final List<Account> accounts = new ArrayList<>();

  synchronized Object answer(ScriptAsk<?> question) {
    return switch (question) {
      case ScriptAsk.Find(var name) -> first(script -> script.name().equals(name));
      case ScriptAsk.FindById(var id) -> first(script -> script.id().equals(id));
      case ScriptAsk.FindByCode(var code) -> first(script -> script.codeIdentifier().equals(code));
      case ScriptAsk.All _ -> scripts.stream().sorted(Comparator.comparing(Script::name)).toList();
      case ScriptAsk.Versions _, ScriptAsk.Restore _ ->
          throw new IllegalStateException("The doors do not ask for versions");
      case ScriptAsk.Create(var draft) -> create(draft);
      case ScriptAsk.Update(var id, var change) -> update(id, change);
      case ScriptAsk.Delete(var id) -> scripts.removeIf(script -> script.id().equals(id));
    };
  }

  synchronized Optional<Script> find(UUID id) {
    return first(script -> script.id().equals(id));
  }

  synchronized Object answer(AccountAsk<?> question) {
    return switch (question) {
      case AccountAsk.FindByEmail(var collection, var email) ->
          accounts.stream()
              .filter(found -> found.collection() == collection)
              .filter(found -> found.email().equalsIgnoreCase(email))
              .findFirst();
      case AccountAsk.FindById(var collection, var id) ->
          accounts.stream()
              .filter(found -> found.collection() == collection && found.id().equals(id))
              .findFirst();
      case AccountAsk.Count(var collection) ->
          accounts.stream().filter(found -> found.collection() == collection).count();
      case AccountAsk.Upsert(var collection, var email, var hash, var key) ->
          upsert(collection, email, hash, key);
      case AccountAsk.Search _, AccountAsk.Create _, AccountAsk.Update _, AccountAsk.Delete _ ->
          throw new IllegalStateException("Accounts are changed in a real store");
    };
  }

  private Account upsert(Collection collection, String email, String hash, String key) {
    var old =
        accounts.stream()
            .filter(found -> found.collection() == collection && found.email().equals(email))
            .findFirst();
    old.ifPresent(accounts::remove);
    var now = Instant.now();
    var account =
        new Account(
            old.map(Account::id).orElse(UUID.randomUUID().toString()),
            collection,
            email,
            false,
            true,
            "",
            hash,
            key,
            now,
            now);
    accounts.add(account);
    return account;
  }

  private Optional<Script> first(Predicate<Script> wanted) {
    return scripts.stream().filter(wanted).findFirst();
  }

  private Script create(ScriptDraft draft) {
    if (first(script -> script.name().equals(draft.name())).isPresent()) {
      throw new Problem.Taken("name");
    }
    var code = draft.codeIdentifier();
    if (code != null && first(script -> script.codeIdentifier().equals(code)).isPresent()) {
      throw new Problem.Taken("codeIdentifier");
    }
    var now = Instant.now();
    var script =
        new Script(
            UUID.randomUUID(),
            draft.name(),
            code == null ? CodeIdentifier.derived(draft.name()) : code,
            or(draft.title(), draft.name()),
            draft.description(),
            draft.language(),
            draft.runner(),
            draft.text(),
            draft.workingDirectory(),
            draft.env(),
            draft.timeout(),
            draft.enabled(),
            draft.concurrency(),
            draft.limits(),
            draft.turns(),
            1,
            1,
            now,
            now);
    scripts.add(script);
    return script;
  }

  private Script update(UUID id, ScriptChange change) {
    var old =
        first(script -> script.id().equals(id))
            .orElseThrow(() -> new Problem.NotFound(Problem.Kind.SCRIPT, id.toString()));
    var expected = change.expectedVersion();
    if (expected != null && expected != old.contentVersion()) {
      throw new Problem.Stale(expected, old.contentVersion());
    }
    var language = or(change.language(), old.language());
    var runner = or(change.runner(), old.runner());
    if (!runner.runs(language)) {
      throw new Problem.Invalid("runner", "runner and type do not go together");
    }
    var text = or(change.text(), old.text());
    var timeout = or(change.timeout(), or(old.timeout(), Duration.ZERO));
    var isNew = !text.equals(old.text()) || language != old.language() || runner != old.runner();
    var script =
        new Script(
            id,
            old.name(),
            or(change.codeIdentifier(), old.codeIdentifier()),
            or(change.title(), old.title()),
            or(change.description(), old.description()),
            language,
            runner,
            text,
            or(change.workingDirectory(), old.workingDirectory()),
            or(change.env(), old.env()),
            timeout.isZero() ? null : timeout,
            or(change.enabled(), old.enabled()),
            or(change.concurrency(), old.concurrency()),
            or(change.limits(), old.limits()),
            old.turns(),
            old.revision() + 1,
            old.contentVersion() + (isNew ? 1 : 0),
            old.created(),
            Instant.now());
    scripts.set(scripts.indexOf(old), script);
    return script;
  }

  private static <T> T or(@Nullable T given, T otherwise) {
    return given == null ? otherwise : given;
  }
}
