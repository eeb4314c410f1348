package dev.runnel.store;

import dev.runnel.execution.ProcessHost;
import dev.runnel.store.embedded.EmbeddedPostgres;
import dev.runnel.store.embedded.PreparedDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;

/** The embedded server, one for this JVM; it ends with it. */
public final class EmbeddedServer implements Server {
  private static final int CONNECTIONS = 4;

  private static final class Shared {
    static final EmbeddedServer SERVER = new EmbeddedServer();
  }

  private final EmbeddedPostgres postgres;

  private EmbeddedServer() {
    try {
      var dataDir = Files.createTempDirectory("runnel-embedded");
      PreparedDatabase.into(dataDir);
      // Tests that end runs in this JVM must not take it for an orphan of theirs.
      postgres = EmbeddedPostgres.open(dataDir, builder -> ProcessHost.startHelper(builder::start));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** The one of this JVM. */
  public static EmbeddedServer shared() {
    return Shared.SERVER;
  }

  @Override
  public DatabaseAddress address(String schema) {
    var server = postgres.address();
    return DatabaseAddress.local(
        server.port(), server.database(), server.user(), server.password(), schema, CONNECTIONS);
  }
}
