package dev.runnel.bus;

import dev.runnel.run.Invocation;
import dev.runnel.run.Output;
import dev.runnel.run.Page;
import dev.runnel.run.Run;
import dev.runnel.run.RunQuery;
import dev.runnel.run.StoredOutput;
import dev.runnel.run.StoredPlace;
import dev.runnel.run.SubmitKey;
import dev.runnel.run.Tails;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Questions about stored runs. */
public sealed interface RunAsk<R> extends StoreAsk<R> {

  /** The run's record. */
  record Find(UUID id) implements RunAsk<Optional<Run>> {}

  /** What the run ran; empty when there is no such run, or its text is gone with its script. */
  record Invoked(UUID id) implements RunAsk<Optional<Invocation>> {}

  /** The run that this key has started, as of {@code now}. Fails with {@code KeyReused}. */
  record Repeated(SubmitKey key, Instant now) implements RunAsk<Optional<Run>> {}

  /** Records, newest first. */
  record Search(RunQuery query) implements RunAsk<List<Run>> {}

  /** The ids of runs of this script that have not ended. */
  record Active(UUID scriptId) implements RunAsk<List<UUID>> {}

  /**
   * Stored events with a larger seq, in order, as many as fit (at least one).
   *
   * @param maxBytes of output
   */
  record Events(UUID id, long since, int maxBytes) implements RunAsk<Page> {}

  /** The last bytes of these runs' output, at most {@code bytes} of each stream. */
  record LastOutput(List<UUID> ids, int bytes) implements RunAsk<Map<UUID, Tails>> {}

  /** A part of the stored output; {@code output} null is both streams merged. */
  record Log(UUID id, @Nullable Output output, long offset, int limit)
      implements RunAsk<StoredOutput> {}

  /** Where the byte at {@code offset} of the stored output is; null is both streams merged. */
  record Place(UUID id, @Nullable Output output, long offset) implements RunAsk<StoredPlace> {}
}
