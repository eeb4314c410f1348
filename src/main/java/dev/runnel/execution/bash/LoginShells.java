package dev.runnel.execution.bash;

import dev.runnel.execution.Interpreter.Workplace;
import dev.runnel.script.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The logins of the environments that runs had lately. An environment that is seen a second time is
 * looked into, one at a time and in the background; until then, and after a change of a file that
 * its login reads, its runs are real logins.
 */
final class LoginShells {
  private static final Logger LOG = LoggerFactory.getLogger(LoginShells.class);

  /** The environments that are remembered; those not used for longest go. */
  private static final int MOST = 128;

  /** What a profile takes from elsewhere than its files is at most that old. */
  private static final long LIFE_NANOS = Duration.ofMinutes(10).toNanos();

  /** A shell that was started with a file reads it within that time, however busy the host is. */
  private static final long GRACE_NANOS = Duration.ofHours(1).toNanos();

  private record Dropped(Path file, long at) {}

  private static final class Entry {
    final long since = System.nanoTime();
    boolean taking;
    @Nullable Login login;

    boolean isOld() {
      return System.nanoTime() - since > LIFE_NANOS;
    }
  }

  private final LinkedHashMap<LoginKey, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
  private final Queue<Dropped> dropped = new ArrayDeque<>();
  private final Set<String> told = new HashSet<>();
  private final ExecutorService taker =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("login-shells").factory());

  /**
   * The file that restores what the login of this run would leave; empty: take the real login.
   * Blocks for the time of looking at some files.
   */
  Optional<Path> snapshot(Workplace workplace, Limits limits) {
    if (workplace.environment().containsKey(Login.ENV)) {
      return Optional.empty(); // the file that it names is to be read after the profile
    }
    var key = LoginKey.of(workplace, limits);
    var login = known(key, workplace);
    if (login == null) {
      return Optional.empty();
    }
    if (!login.files().areUnchanged()) {
      forget(key, login);
      return Optional.empty();
    }
    return switch (login) {
      case Login.Restorable(_, var file) -> Optional.of(file);
      case Login.Real _ -> Optional.empty();
    };
  }

  private synchronized @Nullable Login known(LoginKey key, Workplace workplace) {
    var entry = entries.get(key);
    if (entry != null && entry.isOld() && !entry.taking) {
      entries.remove(key);
      drop(entry);
      entry = null;
    }
    if (entry == null) {
      entries.put(key, new Entry());
      makeRoom();
      return null;
    }
    if (entry.login == null && !entry.taking) {
      entry.taking = true;
      var wanted = entry;
      taker.execute(() -> take(workplace, wanted));
    }
    return entry.login;
  }

  private void makeRoom() {
    if (entries.size() > MOST) {
      drop(entries.pollFirstEntry().getValue());
    }
  }

  private synchronized void forget(LoginKey key, Login changed) {
    var entry = entries.get(key);
    if (entry != null && changed.equals(entry.login)) {
      entries.put(key, new Entry());
      drop(entry);
    }
  }

  private void take(Workplace workplace, Entry entry) {
    try {
      deleteDropped();
      keep(entry, new LoginTaker(workplace).take());
    } catch (IOException | RuntimeException failure) {
      LOG.debug("The login environment of bash was not taken", failure);
      keep(entry, null);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }

  /** Null: it is tried again with the next run. */
  private synchronized void keep(Entry entry, @Nullable Login login) {
    entry.taking = false;
    entry.login = login;
    if (!entries.containsValue(entry)) {
      drop(entry);
    } else if (login instanceof Login.Real(_, var reason) && told.add(reason)) {
      LOG.info("Bash scripts get a real login shell each time: the profile {}", reason);
    }
  }

  private void drop(Entry entry) {
    if (entry.login instanceof Login.Restorable(_, var file)) {
      dropped.add(new Dropped(file, System.nanoTime()));
    }
  }

  private synchronized void deleteDropped() throws IOException {
    while (!dropped.isEmpty() && System.nanoTime() - dropped.element().at() > GRACE_NANOS) {
      Files.deleteIfExists(dropped.remove().file());
    }
  }
}
