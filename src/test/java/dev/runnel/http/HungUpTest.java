package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A caller who goes away in the middle of a request is no error of the service. */
class HungUpTest {
  private final Logger log = (Logger) LoggerFactory.getLogger(Exchange.class);
  private final ListAppender<ILoggingEvent> said = new ListAppender<>();

  @SuppressWarnings("NullAway.Init") // set before every test
  private TestService service;

  @BeforeEach
  void start() throws Exception {
    service = new TestService(new MemoryBackend());
    said.start();
    log.addAppender(said);
    log.setLevel(Level.DEBUG);
  }

  @AfterEach
  void stop() {
    log.detachAppender(said);
    log.setLevel(null);
    service.close();
  }

  private List<ILoggingEvent> said() {
    return List.copyOf(said.list);
  }

  private void sayAndGo(String text) throws Exception {
    var before = said().size();
    try (var connection = new RawConnection(service.port())) {
      connection.say(
          "POST /api/scripts HTTP/1.1\r\nHost: x\r\nAuthorization: "
              + service.superuserToken
              + "\r\nContent-Type: application/json\r\n"
              + text);
    }
    await().until(() -> said().size() > before);
  }

  @Test
  void nothingWorseThanDebugIsLogged() throws Exception {
    sayAndGo("Content-Length: 100\r\n\r\n{\"name\":");
    sayAndGo("Transfer-Encoding: chunked\r\n\r\n3\r\n{\"n\r\n");
    sayAndGo("Transfer-Encoding: chunked\r\n\r\n3\r\n{\"n\r\nno length\r\n");

    assertThat(said()).allMatch(event -> event.getLevel() == Level.DEBUG);
    assertThat(said()).allMatch(event -> event.getFormattedMessage().contains("hung up"));
    assertThat(service.send("GET", "/api/health/live", java.util.Map.of(), new byte[0]).status())
        .isEqualTo(200);
  }
}
