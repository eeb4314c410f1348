package dev.runnel.run;

import dev.runnel.problem.Problem;
import java.util.ArrayList;
import java.util.List;

/**
 * Splits a text into words as a shell does before it expands anything: blanks part words, quotes
 * group and go, a backslash takes the next character as it is. Nothing is expanded.
 */
final class ShellWords {
  private static final String IN_DOUBLE_QUOTES = "\"\\$`\n";

  private final String field;
  private final String text;
  private final List<String> words = new ArrayList<>();
  private final StringBuilder word = new StringBuilder();
  private boolean inWord;
  private int at;

  private ShellWords(String field, String text) {
    this.field = field;
    this.text = text;
  }

  /**
   * Fails with {@code Invalid} for a quote that does not end, or a backslash with nothing after.
   */
  static List<String> of(String field, String text) {
    return new ShellWords(field, text).split();
  }

  private List<String> split() {
    while (at < text.length()) {
      var c = text.charAt(at++);
      switch (c) {
        case ' ', '\t', '\n', '\r' -> endOfWord();
        case '\'' -> singleQuoted();
        case '"' -> doubleQuoted();
        case '\\' -> add(next());
        default -> add(c);
      }
    }
    endOfWord();
    return List.copyOf(words);
  }

  private void singleQuoted() {
    inWord = true;
    for (var c = next(); c != '\''; c = next()) {
      word.append(c);
    }
  }

  private void doubleQuoted() {
    inWord = true;
    for (var c = next(); c != '"'; c = next()) {
      if (c == '\\') {
        var escaped = next();
        if (IN_DOUBLE_QUOTES.indexOf(escaped) < 0) {
          word.append('\\');
        }
        word.append(escaped);
      } else {
        word.append(c);
      }
    }
  }

  private char next() {
    if (at >= text.length()) {
      throw new Problem.Invalid(field, field + ": a quote or a backslash has no end");
    }
    return text.charAt(at++);
  }

  private void add(char c) {
    inWord = true;
    word.append(c);
  }

  private void endOfWord() {
    if (inWord) {
      words.add(word.toString());
      word.setLength(0);
      inWord = false;
    }
  }
}
