package dev.runnel.execution;

import dev.runnel.bus.HostLimit;
import dev.runnel.config.Options;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The limits of runs with their numbers, and what was proved about them on this host. */
final class HostLimits {
  private static final LimitProbe.Proof NOT_YET =
      new LimitProbe.Proof(false, "not proved yet: the probe runs right after the start");

  private HostLimits() {}

  /**
   * Every limit, by the name that it has in a definition.
   *
   * @param proofs what {@link LimitProbe} found, empty before
   */
  static List<HostLimit> of(Options options, Map<LimitProbe.Subject, LimitProbe.Proof> proofs) {
    var limit = options.limit();
    return List.of(
        new HostLimit(
            "timeoutMs",
            true,
            "by the engine: SIGTERM, then SIGKILL to the whole tree",
            options.execution().adminTimeout().toMillis(),
            limit.timeMax().toMillis(),
            "ms"),
        of(
            "cpuSeconds",
            proofs.get(LimitProbe.Subject.CPU),
            seconds(limit.cpu()),
            seconds(limit.cpuMax()),
            "seconds"),
        of(
            "memoryBytes",
            proofs.get(LimitProbe.Subject.MEMORY),
            limit.memory(),
            limit.memoryMax(),
            "bytes"),
        of(
            "processes",
            proofs.get(LimitProbe.Subject.PROCESSES),
            limit.processes(),
            limit.processesMax(),
            "processes and threads"),
        of(
            "openFiles",
            proofs.get(LimitProbe.Subject.OPEN_FILES),
            limit.openFiles(),
            limit.openFilesMax(),
            "files of one process"),
        of(
            "fileSizeBytes",
            proofs.get(LimitProbe.Subject.FILE_SIZE),
            limit.fileSize(),
            limit.fileSizeMax(),
            "bytes"));
  }

  private static HostLimit of(
      String name, LimitProbe.@Nullable Proof proof, long initial, long max, String unit) {
    var known = proof == null ? NOT_YET : proof;
    return new HostLimit(name, known.enforced(), known.how(), orNull(initial), orNull(max), unit);
  }

  private static @Nullable Long orNull(long value) {
    return value == 0 ? null : value;
  }

  private static long seconds(Duration time) {
    return time.plusMillis(999).toSeconds();
  }
}
