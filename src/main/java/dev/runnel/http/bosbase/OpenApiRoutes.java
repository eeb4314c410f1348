package dev.runnel.http.bosbase;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runnel.http.Answer;
import dev.runnel.http.Call;
import dev.runnel.http.Routes;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import java.util.concurrent.CompletableFuture;

/** {@code /openapi.json}: this door described, for everybody. */
final class OpenApiRoutes {
  private final CompletableFuture<JsonNode> document;

  private OpenApiRoutes(CompletableFuture<JsonNode> document) {
    this.document = document;
  }

  /** Starts to read the document; nobody waits for that but who asks for it. */
  static void mount(Routes routes) {
    var document = CompletableFuture.supplyAsync(OpenApi::document, Thread::startVirtualThread);
    var here = new OpenApiRoutes(document);
    routes.alwaysOn(HttpMethod.GET, "/openapi.json", here::document);
  }

  private Future<Answer> document(Call call) {
    return Future.fromCompletionStage(document, Vertx.currentContext()).map(Answer::ok);
  }
}
