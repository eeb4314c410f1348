package dev.runnel.store.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A user of the operating system. */
record Account(int uid, int gid) {
  private static final Path USERS = Path.of("/etc/passwd");

  boolean isRoot() {
    return uid == 0;
  }

  /** Who this process is. */
  static Account own() throws IOException {
    // Not the owner of /proc/self: that is root once the process is not dumpable.
    var status = Files.readAllLines(Path.of("/proc/self/status"));
    return new Account(effective(status, "Uid:"), effective(status, "Gid:"));
  }

  static Account ownerOf(Path path) throws IOException {
    return new Account(
        (int) Files.getAttribute(path, "unix:uid"), (int) Files.getAttribute(path, "unix:gid"));
  }

  /** Gives a file to this account; a symbolic link itself, not what it points to. */
  void own(Path path) throws IOException {
    Files.setAttribute(path, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
    Files.setAttribute(path, "unix:gid", gid, LinkOption.NOFOLLOW_LINKS);
  }

  /** Whether the user has a name, without which {@code initdb} refuses to work. */
  boolean hasName() throws IOException {
    return Files.exists(USERS)
        && Files.readAllLines(USERS).stream()
            .anyMatch(line -> of(line).filter(user -> user.uid == uid).isPresent());
  }

  /** The system user best fit to own a database: one that nothing else is likely to run as. */
  static Optional<Account> unprivileged() throws IOException {
    var users = Files.exists(USERS) ? Files.readAllLines(USERS) : List.<String>of();
    for (var name : List.of("postgres", "daemon", "nobody")) {
      for (var user : users) {
        var account = user.startsWith(name + ":") ? of(user) : Optional.<Account>empty();
        if (account.isPresent() && !account.get().isRoot()) {
          return account;
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<Account> of(String line) {
    var fields = line.split(":", -1);
    var isWhole =
        fields.length > 3 && fields[2].matches("\\d{1,9}") && fields[3].matches("\\d{1,9}");
    return isWhole
        ? Optional.of(new Account(Integer.parseInt(fields[2]), Integer.parseInt(fields[3])))
        : Optional.empty();
  }

  private static int effective(List<String> status, String field) {
    return status.stream()
        .filter(line -> line.startsWith(field))
        .map(line -> Integer.parseInt(line.split("\t", -1)[2]))
        .findFirst()
        .orElseThrow();
  }
}
