package dev.runnel.store.embedded;

import java.util.ArrayList;
import java.util.List;

/** What the server is told. */
final class Settings {
  /** Written to postgresql.conf when the database is made; the user may change them there. */
  static final List<String> INITIAL =
      List.of(
          "max_connections=60",
          "shared_buffers=64MB",
          // No replica ever reads our log; a crash needs no more than this.
          "wal_level=minimal",
          "max_wal_senders=0",
          "max_logical_replication_workers=0",
          // Three processes less; our reads are index probes.
          "io_method=sync",
          // Pays only for queries that run far longer than ours.
          "jit=off",
          "timezone=UTC",
          "log_timezone=UTC");

  /** What the service promises: given at every start, above whatever a file says. */
  private static final List<String> ALWAYS =
      List.of(
          "listen_addresses=127.0.0.1",
          "unix_socket_directories=",
          "ssl=off",
          "password_encryption=scram-sha-256",
          "fsync=on",
          "synchronous_commit=on",
          "full_page_writes=on",
          // We read stderr and bound it. No statement and no row of a user goes to a log.
          "log_destination=stderr",
          "logging_collector=off",
          "log_min_error_statement=panic",
          "log_error_verbosity=terse",
          "log_parameter_max_length_on_error=0",
          "log_checkpoints=off");

  private Settings() {}

  /** Command line options for a start on this port. */
  static List<String> options(int port) {
    var options = new ArrayList<String>();
    ALWAYS.forEach(setting -> options.addAll(List.of("-c", setting)));
    options.addAll(List.of("-c", "port=" + port));
    return options;
  }
}
