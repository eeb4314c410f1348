package dev.runnel.http.bosbase;

import dev.runnel.account.AccountField;
import dev.runnel.account.AccountFilter;
import dev.runnel.account.AccountFilter.Comparison;
import dev.runnel.http.bosbase.FilterTokens.Quoted;
import dev.runnel.http.bosbase.FilterTokens.Sign;
import dev.runnel.http.bosbase.FilterTokens.Token;
import dev.runnel.http.bosbase.FilterTokens.Word;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A filter as clients write it: {@code (email ~ "@example.com" || name = 'Ann') && created >
 * "2026-01-02"}. {@code &&} binds tighter than {@code ||}. Inside quotes a backslash before the
 * same quote stands for it; any other is itself.
 */
final class AccountFilterText {
  private static final int MAX_COMPARISONS = 100;
  private static final int MAX_DEPTH = 20;
  private static final Pattern TIME =
      Pattern.compile("(\\d{4}-\\d\\d-\\d\\d)(?:[ T](\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,3})?)Z?)?");

  private final FilterTokens tokens;
  private int comparisons;

  private AccountFilterText(FilterTokens tokens) {
    this.tokens = tokens;
  }

  /** Fails with {@code Invalid("filter", …)} that says where it is not understood. */
  static AccountFilter parsed(String filter) {
    var text = new AccountFilterText(FilterTokens.of(filter));
    var whole = text.either(0);
    if (!(text.tokens.next() instanceof FilterTokens.End)) {
      throw FilterTokens.expected("&& or || or the end", text.tokens.next());
    }
    return whole;
  }

  private AccountFilter either(int depth) {
    var left = both(depth);
    while (tokens.takes("||")) {
      left = new AccountFilter.Either(left, both(depth));
    }
    return left;
  }

  private AccountFilter both(int depth) {
    var left = one(depth);
    while (tokens.takes("&&")) {
      left = new AccountFilter.Both(left, one(depth));
    }
    return left;
  }

  private AccountFilter one(int depth) {
    if (depth == MAX_DEPTH) {
      throw FilterTokens.expected("fewer than " + MAX_DEPTH + " open parentheses", tokens.next());
    }
    if (!tokens.takes("(")) {
      return comparison();
    }
    var inner = either(depth + 1);
    if (!tokens.takes(")")) {
      throw FilterTokens.expected("a closing parenthesis", tokens.next());
    }
    return inner;
  }

  private AccountFilter comparison() {
    if (++comparisons > MAX_COMPARISONS) {
      throw FilterTokens.expected(
          "at most " + MAX_COMPARISONS + " comparisons, not one more", tokens.next());
    }
    var name = tokens.take();
    var field =
        Optional.of(name)
            .filter(Word.class::isInstance)
            .flatMap(word -> AccountList.field(((Word) word).text()))
            .orElseThrow(
                () -> FilterTokens.expected("one of the fields " + AccountList.names(), name));
    var sign = tokens.take();
    var value = tokens.take();
    return switch (field) {
      case ID, EMAIL, NAME -> text(field, sign, value);
      case EMAIL_VISIBILITY, VERIFIED -> flag(field, sign, value);
      case CREATED, UPDATED -> time(field, sign, value);
    };
  }

  private static AccountFilter text(AccountField field, Token sign, Token value) {
    var isLike = isSign(sign, "~");
    var isUnlike = isSign(sign, "!~");
    var how = isLike || isUnlike ? Comparison.EQUAL : comparison(sign, "= != ~ !~ > >= < <=");
    if (!(value instanceof Quoted(var text, _))) {
      throw FilterTokens.expected("a text in quotes", value);
    }
    return isLike || isUnlike
        ? new AccountFilter.Like(field, isUnlike, text)
        : new AccountFilter.Text(field, how, text);
  }

  private static AccountFilter flag(AccountField field, Token sign, Token value) {
    if (!isSign(sign, "=") && !isSign(sign, "!=")) {
      throw FilterTokens.expected("= or !=", sign);
    }
    if (value instanceof Word(var word, _) && (word.equals("true") || word.equals("false"))) {
      return new AccountFilter.Flag(field, word.equals("true") == isSign(sign, "="));
    }
    throw FilterTokens.expected("true or false", value);
  }

  private static AccountFilter time(AccountField field, Token sign, Token value) {
    var how = comparison(sign, "= != > >= < <=");
    var time = value instanceof Quoted(var text, _) ? instant(text) : Optional.<Instant>empty();
    return new AccountFilter.Time(
        field,
        how,
        time.orElseThrow(() ->
            FilterTokens.expected(
                "a time in UTC in quotes, as \"2026-01-02\" or \"2026-01-02 03:04:05.678Z\"",
                value)));
  }

  private static Optional<Instant> instant(String text) {
    var parts = TIME.matcher(text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    try {
      var clock = parts.group(2) == null ? "00:00:00" : parts.group(2);
      return Optional.of(Instant.parse(parts.group(1) + "T" + clock + "Z"));
    } catch (DateTimeException noSuchDay) {
      return Optional.empty();
    }
  }

  private static Comparison comparison(Token sign, String allowed) {
    return Optional.of(sign)
        .filter(Sign.class::isInstance)
        .flatMap(given ->
            switch (((Sign) given).text()) {
              case "=" -> Optional.of(Comparison.EQUAL);
              case "!=" -> Optional.of(Comparison.UNEQUAL);
              case ">" -> Optional.of(Comparison.GREATER);
              case ">=" -> Optional.of(Comparison.AT_LEAST);
              case "<" -> Optional.of(Comparison.LESS);
              case "<=" -> Optional.of(Comparison.AT_MOST);
              default -> Optional.empty();
            })
        .orElseThrow(() -> FilterTokens.expected("one of " + allowed, sign));
  }

  private static boolean isSign(Token token, String sign) {
    return token instanceof Sign(var text, _) && text.equals(sign);
  }
}
