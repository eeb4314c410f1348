package dev.runnel.http.bosbase;

import static dev.runnel.account.Role.GUEST;

import dev.runnel.config.HttpOptions;
import dev.runnel.http.Answer;
import dev.runnel.http.Call;
import dev.runnel.http.CloseCode;
import dev.runnel.http.Conversation;
import dev.runnel.http.Refused;
import dev.runnel.http.Routes;
import dev.runnel.http.Wording;
import dev.runnel.script.Script;
import dev.runnel.script.ScriptName;
import io.vertx.core.Future;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * {@code /api/scripts/:name/execute/sse} and {@code …/ws}: runs a script for those who stay until
 * its end. Open to everybody here: the script decides who may ({@link ExecuteRight}).
 */
final class StreamRoutes {
  private static final Wording ERRORS = new Errors();

  private final ExecuteRoutes execute;
  private final ExecuteRight right;
  private final HttpOptions options;

  private StreamRoutes(ExecuteRoutes execute, ExecuteRight right, HttpOptions options) {
    this.execute = execute;
    this.right = right;
    this.options = options;
  }

  static void mount(Routes routes, ExecuteRoutes execute, ExecuteRight right, HttpOptions options) {
    var here = new StreamRoutes(execute, right, options);
    routes.get("/api/scripts/:name/execute/sse", GUEST, here::events);
    routes.webSocket("/api/scripts/:name/execute/ws", GUEST, here::conversation);
  }

  private Future<Answer> events(Call call) {
    call.checkSameSite();
    var name = ScriptName.checked(call.path("name"));
    return right
        .script(call.principal(), name)
        .compose(admitted -> {
          if (call.isHead()) {
            // Looking at it runs nothing.
            return admitted.script().map(_ -> new Answer.Empty(200, ResultEvents.HEADERS));
          }
          if (call.header("Last-Event-ID") != null) {
            // An EventSource that comes back by itself: it has its result, and stops asking at
            // this.
            return Future.succeededFuture(Answer.nothing());
          }
          var input = ExecuteInput.ofQuery(call);
          return execute
              .startedFor(call, input, admitted::script)
              .compose(start -> {
                var id = start.run().id().toString();
                return ResultEvents.of(
                        id, execute.answer(start, call), call.requestId(), options.pingInterval())
                    .map(answer -> start.marked(answer.with("X-Run-Id", id)));
              });
        });
  }

  private Future<Consumer<Conversation>> conversation(Call call) {
    var name = ScriptName.checked(call.path("name"));
    var input = ExecuteInput.ofQuery(call);
    return script(call, name)
        .map(script ->
            input.isEmpty()
                ? conversation -> ask(call, name, conversation)
                : conversation ->
                    run(call, conversation, input, () -> Future.succeededFuture(script)));
  }

  private Future<Script> script(Call call, String name) {
    return right.script(call.principal(), name).compose(ExecuteRight.Admitted::script);
  }

  /** What is to be run comes with the first message; until then the script may have changed. */
  private void ask(Call call, String name, Conversation conversation) {
    conversation
        .receive(options.stallTimeout())
        .map(ExecuteInput::of)
        .onSuccess(input -> run(call, conversation, input, () -> script(call, name)))
        .onFailure(failure -> {
          // Otherwise nobody is there any more.
          if (failure instanceof Refused) {
            var answer = Errors.error(400, "Invalid websocket payload.");
            say(conversation, answer, CloseCode.BAD_MESSAGE);
          }
        });
  }

  private void run(
      Call call, Conversation conversation, ExecuteInput input, Supplier<Future<Script>> script) {
    conversation.ignoreRest();
    Future.succeededFuture(input)
        .compose(given -> execute.startedFor(call, given, script))
        .compose(start -> execute.answer(start, call))
        .otherwise(failure -> ERRORS.of(call.requestId(), failure))
        .onSuccess(answer ->
            say(
                conversation,
                answer,
                answer.status() == 200 ? CloseCode.NORMAL : CloseCode.FAILED));
  }

  private static void say(Conversation conversation, Answer answer, CloseCode code) {
    conversation.send(ExecuteRoutes.body(answer)).onSuccess(_ -> conversation.close(code, ""));
  }
}
