package dev.runnel.cli;

import dev.runnel.auth.Passwords;
import dev.runnel.auth.Superusers;
import dev.runnel.bus.Accounts;
import java.security.SecureRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code runnel superuser}: accounts that may do everything. */
@Command(
    name = "superuser",
    description = "Manages superusers.",
    mixinStandardHelpOptions = true,
    subcommands = SuperuserCommand.Upsert.class)
final class SuperuserCommand {

  /** {@code runnel superuser upsert EMAIL PASSWORD}. */
  @Command(
      name = "upsert",
      description = "Creates a superuser, or gives it this password and revokes its tokens.",
      mixinStandardHelpOptions = true)
  static final class Upsert implements Callable<Integer> {
    @Mixin OptionSources sources = new OptionSources();

    @Parameters(index = "0", paramLabel = "EMAIL")
    String email = "";

    @Parameters(index = "1", paramLabel = "PASSWORD", description = "8 to 71 characters.")
    String password = "";

    @Override
    public Integer call() {
      try (var core = Core.withStore(sources.load())) {
        var superusers =
            new Superusers(
                Accounts.over(core.bus()), new Passwords(core.vertx()), new SecureRandom());
        var account = Core.await(superusers.upsert(email, password));
        System.out.println("Superuser " + account.email() + " is ready");
        return 0;
      }
    }
  }
}
