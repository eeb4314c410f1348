package dev.runnel.bus;

import dev.runnel.problem.Problem;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.time.Duration;
import java.util.function.Function;

/** Typed questions and answers over the event bus of this node; records pass by reference. */
public final class Bus {
  private static final DeliveryOptions LOCAL =
      new DeliveryOptions()
          .setCodecName(ByReference.NAME)
          .setLocalOnly(true)
          .setSendTimeout(Duration.ofSeconds(60).toMillis());

  private final Vertx vertx;

  private Bus(Vertx vertx) {
    this.vertx = vertx;
  }

  /** The bus of this Vert.x; to be made once for each. */
  public static Bus of(Vertx vertx) {
    vertx.eventBus().registerCodec(new ByReference());
    return new Bus(vertx);
  }

  /**
   * Asks the verticle that answers this family. Fails with what the verticle failed with, or with
   * {@code Unavailable} when it does not answer.
   */
  @SuppressWarnings("unchecked") // an answering verticle is typed by the same question
  public <R> Future<R> ask(Ask<R> question) {
    return vertx
        .eventBus()
        .<Answer>request(question.to().name(), question, LOCAL)
        .transform(reply ->
            reply.succeeded()
                ? reply.result().body().<R>future()
                : Future.failedFuture(away(question, reply.cause())));
  }

  /**
   * Answers every question to this address on the calling verticle's context.
   *
   * @param family the sealed family that the verticle answers
   */
  public <F extends Ask<?>> MessageConsumer<?> answer(
      Ask.Address address, Class<F> family, Function<F, Future<?>> verticle) {
    return vertx
        .eventBus()
        .<F>localConsumer(
            address.name(),
            message -> {
              var question = family.cast(message.body());
              Future<?> answer;
              try {
                answer = verticle.apply(question);
              } catch (RuntimeException failure) {
                answer = Future.failedFuture(failure);
              }
              answer.onComplete(done ->
                  message.reply(
                      done.succeeded()
                          ? new Answer.Value(done.result())
                          : new Answer.Failure(done.cause()),
                      LOCAL));
            });
  }

  private static Throwable away(Ask<?> question, Throwable cause) {
    if (cause instanceof ReplyException reply
        && (reply.failureType() == ReplyFailure.NO_HANDLERS
            || reply.failureType() == ReplyFailure.TIMEOUT)) {
      return new Problem.Unavailable(
          question.to() == Ask.Address.STORE
              ? "The database does not answer"
              : "The service is starting or stopping",
          Duration.ofSeconds(2));
    }
    return cause;
  }
}
