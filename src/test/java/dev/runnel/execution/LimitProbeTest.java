package dev.runnel.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.runnel.config.LimitOptions.CgroupUse;
import dev.runnel.config.Options;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The limits are proved by going over them. */
class LimitProbeTest {
  private static final Options DEFAULTS = Options.load(Path.of("unused"), null, Map.of(), Map.of());

  private static boolean isRoot() throws Exception {
    return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
  }

  /** CAP_SYS_RESOURCE; in a container also root may be without it. */
  private static boolean isAllowedToRaise() throws Exception {
    try (var lines = Files.lines(Path.of("/proc/self/status"))) {
      var set = lines.filter(line -> line.startsWith("CapEff:")).findFirst().orElseThrow();
      return (Long.parseUnsignedLong(set.substring(7).strip(), 16) >> 24 & 1) == 1;
    }
  }

  @Test
  void what_root_could_raise_is_not_enforced_and_the_rest_is() throws Exception {
    try (var host = ProcessHost.open(null, CgroupUse.AUTO, 4)) {
      var proofs = new LimitProbe(host).prove();
      assertThat(proofs).containsOnlyKeys(LimitProbe.Subject.values());
      var enforced =
          proofs.entrySet().stream().filter(e -> e.getValue().enforced()).map(Map.Entry::getKey);
      if (isAllowedToRaise()) {
        assertThat(enforced)
            .containsExactlyInAnyOrder(
                LimitProbe.Subject.CPU,
                LimitProbe.Subject.MEMORY,
                LimitProbe.Subject.PROCESSES,
                LimitProbe.Subject.END);
        assertThat(proofs.get(LimitProbe.Subject.OPEN_FILES).how()).contains("raise it");
        assertThat(proofs.get(LimitProbe.Subject.FILE_SIZE).how()).contains("raise it");
      } else {
        assertThat(enforced).containsExactlyInAnyOrder(LimitProbe.Subject.values());
      }
    }
  }

  @Test
  void a_user_of_their_own_can_raise_nothing() throws Exception {
    assumeTrue(isRoot(), "changing the user takes root");
    try (var host = ProcessHost.open("nobody", CgroupUse.AUTO, 4)) {
      assertThat(new LimitProbe(host).prove().values()).allMatch(LimitProbe.Proof::enforced);
    }
  }

  @Test
  void before_the_proof_nothing_is_claimed() {
    var limits = HostLimits.of(DEFAULTS, Map.of());
    assertThat(limits.stream().filter(limit -> limit.enforced()).map(limit -> limit.name()))
        .isEqualTo(List.of("timeoutMs"));
    assertThat(limits.get(2).initial()).isEqualTo(2L << 30);
    assertThat(limits.get(2).max()).isNull();
    assertThat(limits.get(1).initial()).isNull();
  }
}
