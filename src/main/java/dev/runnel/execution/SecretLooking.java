package dev.runnel.execution;

import java.util.List;
import java.util.Locale;
import java.util.Map;
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
          "PASS",
          "*_PASS",
          "*DBPASS",
          "*_PWD",
          "*PASSFILE*",
          "*SECRET*",
          "*TOKEN*",
          "*_PAT",
          "*_OTP",
          "*CREDENTIAL*",
          "*CREDS*",
          "KEY",
          "*APIKEY*",
          "*API_KEY*",
          "*ACCESS_KEY*",
          "*PRIVATE_KEY*",
          "*_KEY",
          "*_KEYS",
          "*_KEY_*",
          "AUTH",
          "*_AUTH",
          "*_AUTH_*",
          "*AUTHORIZATION*",
          "*BEARER*",
          "*JWT*",
          "COOKIE",
          "*_COOKIE",
          "*_DSN",
          "*DATABASE_URL",
          "*CONNECTION_STRING*",
          "*WEBHOOK*");

  /** Names that only look like secrets: they pass, unless their value looks like one. */
  public static final Set<String> HARMLESS_NAMES =
      Set.of(
          "GPG_KEY", "MAX_TOKENS", "SSH_AUTH_SOCK", "TIKTOKEN_CACHE_DIR", "TOKENIZERS_PARALLELISM");

  /**
   * Values that look like secrets: a URL with a password in it, a connection text or an option with
   * one, a private key, a token of the well-known shapes.
   */
  public static final List<Pattern> VALUES =
      List.of(
          Pattern.compile("[A-Za-z][A-Za-z0-9+.-]{0,20}://[^\\s/@:]*:(?!\\d{0,5}[/?#])[^\\s@]+@"),
          Pattern.compile(
              "(?i)(?:^|[^a-z])(?:password|passwd|pwd|accountkey|sharedaccesskey|secret|token)"
                  + "[\"']?[=:]\\s?[^\\s&;]"),
          Pattern.compile("-----BEGIN [A-Z ]*PRIVATE KEY"),
          Pattern.compile(
              "\\b(?:gh[opsu]_|github_pat_|glpat-|xox[abprs]-|sk-|sk_live_|AKIA|ASIA|AIza)"
                  + "[A-Za-z0-9_-]{12}"),
          Pattern.compile("\\beyJ[A-Za-z0-9_-]{8,}\\.eyJ[A-Za-z0-9_-]{8}"));

  private static final Pattern NAME =
      Pattern.compile(
          NAMES.stream().map(name -> name.replace("*", ".*")).collect(Collectors.joining("|")),
          Pattern.DOTALL);

  /** A shorter value may be part of another one by chance. */
  private static final int MEANINGFUL = 8;

  private SecretLooking() {}

  /**
   * The values of the variables whose names look like secrets, as far as nothing equals them by
   * chance.
   */
  static List<String> values(Map<String, String> variables) {
    return variables.entrySet().stream()
        .filter(variable -> name(variable.getKey()))
        .map(Map.Entry::getValue)
        .filter(value -> value.length() >= MEANINGFUL)
        .toList();
  }

  static boolean variable(String name, String value) {
    return name(name) || VALUES.stream().anyMatch(secret -> secret.matcher(value).find());
  }

  private static boolean name(String name) {
    var upper = name.toUpperCase(Locale.ROOT);
    return !HARMLESS_NAMES.contains(upper) && NAME.matcher(upper).matches();
  }
}
