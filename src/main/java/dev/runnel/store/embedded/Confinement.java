package dev.runnel.store.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What stands in front of every PostgreSQL program, which refuses to run as root. All of it execs,
 * so that the pid of the child is the postmaster's.
 *
 * @param prefix the command that the program and its arguments are appended to
 * @param account whom the files must belong to, if not to this process's user
 */
record Confinement(List<String> prefix, Optional<Account> account) {

  /** How to run PostgreSQL on this home here. */
  static Confinement of(PostgresHome home) throws IOException {
    var own = Account.own();
    if (!own.isRoot()) {
      return own.hasName() || !namespacesWork() ? direct() : namespaced();
    }
    var owner = Account.ownerOf(home.folder());
    if (!owner.isRoot()) {
      return as(owner);
    }
    return namespacesWork()
        ? namespaced()
        : as(
            Account.unprivileged()
                .orElseThrow(() ->
                    new DatabaseUnusable(
                        "PostgreSQL does not run as root. Run the service as another user,"
                            + " allow user namespaces (`unshare -U true` fails), or add a user"
                            + " named postgres.")));
  }

  /** As the service's own user. */
  static Confinement direct() {
    return new Confinement(before(List.of(), List.of()), Optional.empty());
  }

  /**
   * Without any privilege in a user namespace of its own that maps no user: not root for itself,
   * yet the owner of the service's files, also below folders only root may enter.
   */
  static Confinement namespaced() {
    return new Confinement(
        before(List.of(Tool.path("unshare"), "-U"), List.of()), Optional.empty());
  }

  /** As another user; needs root, and every parent folder searchable for that user. */
  static Confinement as(Account account) {
    var options = List.of("--reuid=" + account.uid(), "--regid=" + account.gid(), "--clear-groups");
    return new Confinement(before(List.of(), options), Optional.of(account));
  }

  /**
   * The whole command.
   *
   * @param atOurEnd the signal it gets when the thread that starts it ends
   */
  List<String> command(String atOurEnd, Path program, List<String> arguments) {
    var command = new ArrayList<>(prefix);
    command.add("--pdeathsig=" + atOurEnd);
    command.add(program.toString());
    command.addAll(arguments);
    return command;
  }

  /** Gives the files to the account that will use them and checks that the server can be run. */
  void prepare(PostgresHome home) throws IOException {
    own(home.folder());
    var isProved = account.isEmpty() && Files.exists(home.data());
    var probe = command("KILL", home.program("postgres"), List.of("--version"));
    if (!isProved && !Tool.succeeds(probe)) {
      throw new DatabaseUnusable(
          "The PostgreSQL server cannot be run: "
              + String.join(" ", probe)
              + " fails. Every folder above it must be searchable for its user, its file system"
              + " may not be mounted noexec, and it needs glibc and libstdc++. Set another"
              + " RUNNEL_DATA_DIR, or RUNNEL_DATABASE_URL to a server of your own.");
    }
  }

  /** Gives a folder and all in it to the account, if there is one. */
  void own(Path folder) throws IOException {
    if (account.isPresent()) {
      try (var files = Files.walk(folder)) {
        for (var file : (Iterable<Path>) files::iterator) {
          account.get().own(file);
        }
      }
    }
  }

  /**
   * A session of its own, out of reach of a terminal's Ctrl-C; setpriv last, to which the wish for
   * a signal at our end is added: a change of user after it would drop it.
   */
  private static List<String> before(List<String> outer, List<String> options) {
    var prefix = new ArrayList<>(List.of(Tool.path("setsid")));
    prefix.addAll(outer);
    prefix.add(Tool.path("setpriv"));
    prefix.addAll(options);
    prefix.add("--no-new-privs");
    return List.copyOf(prefix);
  }

  private static boolean namespacesWork() throws IOException {
    return Tool.succeeds(List.of(Tool.path("unshare"), "-U", Tool.path("true")));
  }
}
