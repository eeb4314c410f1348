package dev.runnel.bus;

/** Whether the database answers; fails with {@code Unavailable} within two seconds if not. */
public record StoreHealth() implements StoreAsk<Boolean> {}
