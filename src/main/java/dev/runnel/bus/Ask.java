package dev.runnel.bus;

/**
 * A question to a verticle. Each verticle answers one sealed family; the record of a question names
 * its reply type.
 *
 * @param <R> what the answer is
 */
public sealed interface Ask<R> permits StoreAsk, ExecutionAsk {

  /** Who answers. */
  Address to();

  /** The local addresses of a node. */
  enum Address {
    STORE,
    EXECUTION
  }
}
