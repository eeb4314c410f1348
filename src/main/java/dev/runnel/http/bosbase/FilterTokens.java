package dev.runnel.http.bosbase;

import dev.runnel.problem.Problem;
import java.util.ArrayList;
import java.util.List;

/** The words, quoted texts and signs of a filter, one after the other. */
final class FilterTokens {
  private static final int MAX_CHARACTERS = 3_500;

  /** Longer signs before those that they begin with. */
  private static final List<String> SIGNS =
      List.of("&&", "||", "!=", "!~", ">=", "<=", "=", "~", ">", "<", "(", ")");

  private final List<Token> tokens;
  private int next;

  private FilterTokens(List<Token> tokens) {
    this.tokens = tokens;
  }

  /** One of them. */
  sealed interface Token {
    /** Where it begins, from 1. */
    int at();
  }

  record Word(String text, int at) implements Token {}

  record Quoted(String text, int at) implements Token {}

  record Sign(String text, int at) implements Token {}

  record End(int at) implements Token {}

  /** Fails with {@code Invalid("filter", …)}. */
  static FilterTokens of(String filter) {
    if (filter.length() > MAX_CHARACTERS) {
      throw new Problem.Invalid("filter", "filter takes up to " + MAX_CHARACTERS + " characters");
    }
    var tokens = new ArrayList<Token>();
    var at = 0;
    while (at < filter.length()) {
      var first = filter.charAt(at);
      if (Character.isWhitespace(first)) {
        at++;
      } else if (first == '"' || first == '\'') {
        at = quoted(filter, at, tokens);
      } else if (isOfWord(first)) {
        at = word(filter, at, tokens);
      } else {
        at = sign(filter, at, tokens);
      }
    }
    tokens.add(new End(filter.length() + 1));
    return new FilterTokens(tokens);
  }

  Token next() {
    return tokens.get(next);
  }

  /** The end stays the next one for ever. */
  Token take() {
    var taken = next();
    next = Math.min(next + 1, tokens.size() - 1);
    return taken;
  }

  /** Takes this sign if it is the next token. */
  boolean takes(String sign) {
    if (next() instanceof Sign(var text, _) && text.equals(sign)) {
      take();
      return true;
    }
    return false;
  }

  static Problem.Invalid expected(String what, Token instead) {
    return expected(what, instead.at());
  }

  private static Problem.Invalid expected(String what, int at) {
    return new Problem.Invalid("filter", "filter: expected " + what + " at character " + at);
  }

  private static int quoted(String filter, int begin, List<Token> tokens) {
    var quote = filter.charAt(begin);
    var text = new StringBuilder();
    for (int at = begin + 1; at < filter.length(); at++) {
      var c = filter.charAt(at);
      if (c == quote) {
        tokens.add(new Quoted(text.toString(), begin + 1));
        return at + 1;
      }
      if (c == '\\' && at + 1 < filter.length() && filter.charAt(at + 1) == quote) {
        at++;
        c = quote;
      }
      text.append(c);
    }
    throw expected("a closing " + quote + " for the one", begin + 1);
  }

  private static int word(String filter, int begin, List<Token> tokens) {
    var end = begin;
    while (end < filter.length() && isOfWord(filter.charAt(end))) {
      end++;
    }
    tokens.add(new Word(filter.substring(begin, end), begin + 1));
    return end;
  }

  private static int sign(String filter, int begin, List<Token> tokens) {
    for (var sign : SIGNS) {
      if (filter.startsWith(sign, begin)) {
        tokens.add(new Sign(sign, begin + 1));
        return begin + sign.length();
      }
    }
    throw expected("a field, a text in quotes or one of " + String.join(" ", SIGNS), begin + 1);
  }

  private static boolean isOfWord(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  }
}
