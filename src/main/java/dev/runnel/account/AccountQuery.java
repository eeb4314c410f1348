package dev.runnel.account;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of a collection.
 *
 * @param onlyId the only account that the asker may see; null: all of them
 * @param filter null: every one
 * @param order first what counts most; the time of creation when empty
 * @param page from 1
 * @param isCounted whether the answer needs the total
 */
public record AccountQuery(
    Collection collection,
    @Nullable String onlyId,
    @Nullable AccountFilter filter,
    List<Order> order,
    int page,
    int perPage,
    boolean isCounted) {

  /** By this field, the smallest first unless {@code descending}. */
  public record Order(AccountField field, boolean descending) {}

  /**
   * What was found.
   *
   * @param total how many there are on all pages; -1 when nobody asked
   */
  public record Page(List<Account> accounts, long total) {}
}
