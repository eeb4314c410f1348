package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** Many who change a script and many who run it, all at the same time. */
@TestInstance(Lifecycle.PER_CLASS)
class NewestTextTest {
  private static final int CALLERS = 50;
  private static final String SCRIPTS = "/api/scripts";

  @SuppressWarnings("NullAway.Init") // set before every test
  private TestService service;

  @BeforeAll
  void start() throws Exception {
    service = new TestService(Backend.fresh());
  }

  @AfterAll
  void stop() {
    service.close();
  }

  private Reply send(String method, String path, String body) throws Exception {
    return service.send(
        method,
        path,
        Map.of("Authorization", service.superuserToken, "Content-Type", "application/json"),
        body.getBytes(StandardCharsets.UTF_8));
  }

  private void create(String name, String content) throws Exception {
    var body = "{\"name\":\"%s\",\"content\":\"%s\"}".formatted(name, content);
    assertThat(send("POST", SCRIPTS, body).status()).isEqualTo(201);
  }

  private Reply update(String name, String content) throws Exception {
    return send("PATCH", SCRIPTS + "/" + name, "{\"content\":\"" + content + "\"}");
  }

  private int version(Reply reply) {
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    return HttpScenarios.at(reply.body(), "version").asInt();
  }

  private String output(String name) throws Exception {
    var reply = send("POST", SCRIPTS + "/" + name + "/execute", "");
    // A full house is no stale text: 50 callers wait for four slots.
    assertThat(reply.status()).as(reply.body()).isIn(200, 429);
    return reply.status() == 429 ? "" : HttpScenarios.at(reply.body(), "output").asText().strip();
  }

  private static void all(List<Callable<Void>> calls) throws Exception {
    var answers = new ArrayList<Future<Void>>();
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var call : calls) {
        answers.add(callers.submit(call));
      }
    }
    for (var answer : answers) {
      answer.get();
    }
  }

  @Test
  void aRunSeesTheTextOfEveryUpdateThatWasAnsweredBeforeItBegan() throws Exception {
    create("newest.sh", "echo first");
    // The version that each text became, and the newest of those that were answered.
    var versions = new ConcurrentHashMap<>(Map.of("first", 1));
    var answered = new AtomicInteger(1);
    var calls = new ArrayList<Callable<Void>>();
    record Ran(int atLeast, String text) {}
    var seen = new ConcurrentHashMap<Integer, Ran>();
    for (var i = 0; i < CALLERS; i++) {
      var text = "text-" + i;
      var caller = i;
      calls.add(() -> {
        var version = version(update("newest.sh", "echo " + text));
        versions.put(text, version);
        answered.accumulateAndGet(version, Math::max);
        return null;
      });
      calls.add(() -> {
        var atLeast = answered.get();
        seen.put(caller, new Ran(atLeast, output("newest.sh")));
        return null;
      });
    }
    all(calls);

    var ran = seen.values().stream().filter(one -> !one.text.isEmpty()).toList();
    assertThat(ran).isNotEmpty();
    for (var one : ran) {
      assertThat(versions.get(one.text)).as(one.toString()).isGreaterThanOrEqualTo(one.atLeast);
    }
    assertThat(versions.get(output("newest.sh"))).isEqualTo(CALLERS + 1);
  }

  @Test
  void aScriptThatWasDeletedAndMadeAgainRunsItsNewText() throws Exception {
    create("again.sh", "echo 0");
    var newest = new AtomicInteger();
    var over = new AtomicBoolean();
    var calls = new ArrayList<Callable<Void>>();
    calls.add(() -> {
      try {
        for (var round = 1; round <= 20; round++) {
          assertThat(send("DELETE", SCRIPTS + "/again.sh", "").status()).isEqualTo(204);
          create("again.sh", "echo " + round);
          newest.set(round);
          assertThat(output("again.sh")).isIn("", Integer.toString(round));
        }
      } finally {
        over.set(true);
      }
      return null;
    });
    for (var i = 0; i < 8; i++) {
      calls.add(() -> {
        while (!over.get()) {
          var atLeast = newest.get();
          var reply = send("POST", SCRIPTS + "/again.sh/execute", "");
          // Between its end and its new beginning there is no script, and its end ends its runs.
          assertThat(reply.status()).as(reply.body()).isIn(200, 404, 429, 500);
          if (reply.status() == 200) {
            var text = HttpScenarios.at(reply.body(), "output").asText().strip();
            assertThat(Integer.parseInt(text)).isGreaterThanOrEqualTo(atLeast);
          }
        }
        return null;
      });
    }
    all(calls);
    assertThat(output("again.sh")).isEqualTo("20");
  }

  @Test
  void aHundredUpdatesRaiseTheVersionByAHundred() throws Exception {
    create("counted.sh", "echo 0");
    var seen = ConcurrentHashMap.<Integer>newKeySet();
    var calls = new ArrayList<Callable<Void>>();
    for (var i = 0; i < 100; i++) {
      // Some change the text and some only the description.
      var body =
          i % 2 == 0 ? "{\"content\":\"echo " + i + "\"}" : "{\"description\":\"" + i + "\"}";
      calls.add(() -> {
        seen.add(version(send("PATCH", SCRIPTS + "/counted.sh", body)));
        return null;
      });
    }
    all(calls);
    assertThat(seen).as("every answer has a version of its own").hasSize(100);
    assertThat(version(send("GET", SCRIPTS + "/counted.sh", ""))).isEqualTo(101);
  }
}
