package dev.runnel.execution;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which variables look like a secret, by name or by value. The lists are what the documentation
 * promises; a name is compared without regard to case, {@code *} is any text.
 */
public final class SecretLooking {

  /** Names that look like secrets. */
  public static final List<String> NAMES =
      List.of(
          "*PASSWORD*",
          "*PASSWD*",
          "*PASSPHRASE*",
          "*_PASS",
          "*_PWD",
          "*PASSFILE*",
          "*SECRET*",
          "*TOKEN*",
          "*CREDENTIAL*",
          "*APIKEY*",
          "*API_KEY*",
          "*ACCESS_KEY*",
          "*PRIVATE_KEY*",
          "*_KEY",
          "*_AUTH",
          "*_JWT",
          "*_COOKIE",
          "*_DSN",
          "*DATABASE_URL",
          "*CONNECTION_STRING*",
          "*WEBHOOK*");

  /** Names that only look like secrets: they pass, unless their value looks like one. */
  public static final Set<String> HARMLESS_NAMES =
      Set.of("GPG_KEY", "MAX_TOKENS", "TIKTOKEN_CACHE_DIR", "TOKENIZERS_PARALLELISM");

  /**
   * Values that look like secrets: a URL with a password in it, a connection text with one, a
   * private key.
   */
  public static final List<Pattern> VALUES =
      List.of(
          Pattern.compile("[A-Za-z][A-Za-z0-9+.-]{0,20}://[^\\s/@:]*:(?!\\d{0,5}[/?#])[^\\s@]+@"),
          Pattern.compile(
              "(?i)(?:^|[\\s?&;])(?:password|passwd|pwd|accountkey|sharedaccesskey)=[^\\s&;]"),
          Pattern.compile("-----BEGIN [A-Z ]*PRIVATE KEY"));

  private static final Pattern NAME =
      Pattern.compile(
          NAMES.stream().map(name -> name.replace("*", ".*")).collect(Collectors.joining("|")),
          Pattern.DOTALL);

  private SecretLooking() {}

  static boolean variable(String name, String value) {
    return name(name) || VALUES.stream().anyMatch(secret -> secret.matcher(value).find());
  }

  private static boolean name(String name) {
    var upper = name.toUpperCase(Locale.ROOT);
    return !HARMLESS_NAMES.contains(upper) && NAME.matcher(upper).matches();
  }
}
