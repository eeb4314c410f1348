package dev.runnel.config;

import dev.runnel.config.Option.Unit;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Who may come in. */
public record AccountOptions(
    @Option(
            variable = "RUNNEL_SUPERUSER_EMAIL",
            pattern = "[^\\s@]+@[^\\s@]+",
            allowed = "an e-mail address",
            meaning = "A superuser that exists after the start; needs the password too.")
        @Nullable String superuserEmail,
    @Option(
            variable = "RUNNEL_SUPERUSER_PASSWORD",
            secret = true,
            pattern = "\\P{Cntrl}{8,71}",
            allowed = "8 to 71 characters",
            meaning = "Its password.")
        @Nullable String superuserPassword,
    @Option(
            variable = "ADMIN_USERNAME",
            pattern = "[^:\\p{Cntrl}]+",
            allowed = "text without a colon",
            meaning = "An extra user name for HTTP Basic; needs the password too.")
        @Nullable String adminUsername,
    @Option(
            variable = "ADMIN_PASSWORD",
            secret = true,
            pattern = "\\P{Cntrl}+",
            allowed = "text in one line",
            meaning = "Its password.")
        @Nullable String adminPassword,
    @Option(
            variable = "RUNNEL_SUPERUSER_TOKEN_LIFE",
            initial = "1 d",
            min = "1 min",
            max = "3650 d",
            unit = Unit.TIME,
            meaning = "How long a superuser's token is valid.")
        Duration superuserTokenLife,
    @Option(
            variable = "RUNNEL_USER_TOKEN_LIFE",
            initial = "7 d",
            min = "1 min",
            max = "3650 d",
            unit = Unit.TIME,
            meaning = "How long a user's token is valid.")
        Duration userTokenLife) {

  /** Says of a secret only whether it is set. */
  @Override
  public String toString() {
    return OptionTree.shown(this);
  }
}
