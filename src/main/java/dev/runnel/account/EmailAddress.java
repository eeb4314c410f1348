package dev.runnel.account;

import java.util.regex.Pattern;

/** What the service takes for an e-mail address: something to log in with; nothing is sent. */
public final class EmailAddress {
  /** Longest address, in characters. */
  public static final int MAX_CHARACTERS = 255;

  private static final String BANNED = "\\s\\p{Cntrl}@<>()\\[\\]\\\\,;:\"";
  private static final Pattern FORM =
      Pattern.compile(
          "[^."
              + BANNED
              + "]++(?:\\.[^."
              + BANNED
              + "]++)*+"
              + "@[\\p{L}\\p{M}\\p{N}-]++(?:\\.[\\p{L}\\p{M}\\p{N}-]++)*+");

  private EmailAddress() {}

  /** Whether it is one; a host without a dot will do. */
  public static boolean isValid(String text) {
    return text.codePointCount(0, text.length()) <= MAX_CHARACTERS && FORM.matcher(text).matches();
  }
}
