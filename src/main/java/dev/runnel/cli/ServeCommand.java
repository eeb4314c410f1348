package dev.runnel.cli;

import static org.slf4j.event.Level.INFO;
import static org.slf4j.event.Level.WARN;

import dev.runnel.config.BuildVersion;
import dev.runnel.config.Options;
import dev.runnel.execution.HostReport;
import dev.runnel.execution.HostReport.Level;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code runnel serve}: the service, until a signal ends it. */
@Command(name = "serve", description = "Starts the service.", mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);

  @Mixin OptionSources sources = new OptionSources();

  @Override
  public Integer call() throws InterruptedException {
    var options = sources.load();
    Options.unread(System.getenv())
        .forEach(name -> LOG.warn("{} is set, but there is no such option", name));
    var server = Server.start(options);
    var names = HostReport.fileNames();
    if (names.level() != Level.GOOD) {
      LOG.warn("{}", names.detail());
    }
    for (var finding : HostReport.privacy(options.execution())) {
      LOG.atLevel(finding.level() == Level.GOOD ? INFO : WARN).log(finding.detail());
    }
    var stopping = new AtomicBoolean();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  if (stopping.compareAndSet(false, true)) {
                    LOG.info("Stopping");
                    server.close();
                    LOG.info("Stopped");
                    // The JVM would report the signal; an orderly stop is a success.
                    Runtime.getRuntime().halt(0);
                  }
                },
                "shutdown"));
    announce(server, System.out);
    var failed = new CountDownLatch(1);
    server
        .failed()
        .thenAccept(reason -> {
          LOG.error("{}", reason.getMessage());
          failed.countDown();
        });
    failed.await();
    stopping.set(true);
    server.close();
    return RunnelCommand.UNUSABLE;
  }

  private static void announce(Server server, PrintStream out) {
    server
        .firstSuperuser()
        .ifPresent(first -> {
          out.println("Superuser " + first.email() + " with password " + first.password());
          out.println("It is shown this once. Change it: runnel superuser upsert EMAIL PASSWORD");
        });
    out.println("Runnel " + BuildVersion.number() + " listens on " + server.url());
    out.flush();
  }
}
