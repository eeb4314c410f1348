package dev.runnel.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.ImageFromDockerfile;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** The real images; runs where a Docker engine answers. */
@Tag("containers")
class ContainersTest {

  @BeforeAll
  static void needsDocker() {
    assumeTrue(DockerClientFactory.instance().isDockerAvailable(), "no Docker engine answers here");
  }

  @Test
  void theServiceWorksOnTheOfficialPostgresImage(@TempDir Path home) {
    try (var postgres = new PostgreSQLContainer("postgres:18")) {
      postgres.start();
      var url =
          "postgresql://%s:%s@%s:%d/%s"
              .formatted(
                  postgres.getUsername(),
                  postgres.getPassword(),
                  postgres.getHost(),
                  postgres.getFirstMappedPort(),
                  postgres.getDatabaseName());
      try (var service = ServiceProcess.startWithOwner(home, Map.of("RUNNEL_DATABASE_URL", url))) {
        runsAScript(service.client());
      }
    }
  }

  @Test
  void ourImageAnswersAndRunsScripts() {
    var image = new ImageFromDockerfile().withFileFromPath(".", Path.of("").toAbsolutePath());
    try (var runnel =
        new GenericContainer<>(image)
            .withEnv("RUNNEL_SUPERUSER_EMAIL", ServiceProcess.EMAIL)
            .withEnv("RUNNEL_SUPERUSER_PASSWORD", ServiceProcess.PASSWORD)
            .withExposedPorts(8090)
            .waitingFor(Wait.forHttp("/api/health").withStartupTimeout(Duration.ofMinutes(2)))) {
      runnel.start();
      var url = "http://" + runnel.getHost() + ":" + runnel.getFirstMappedPort();
      runsAScript(Client.basic(url, ServiceProcess.EMAIL, ServiceProcess.PASSWORD));
    }
  }

  private static void runsAScript(Client client) {
    var run = client.run(client.create("in-a-container", "bash", "echo inside", Map.of()));
    assertThat(client.ended(run).get("outputTail").asText()).isEqualTo("inside\n");
  }
}
