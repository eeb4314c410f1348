package dev.runnel.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives tests that do not stop it one service for the whole suite. */
final class SharedService implements ParameterResolver {

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    var type = parameter.getParameter().getType();
    return type == ServiceProcess.class || type == Client.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    var service =
        context
            .getRoot()
            .getStore(ExtensionContext.Namespace.create(SharedService.class))
            .getOrComputeIfAbsent(Running.class, _ -> new Running(), Running.class)
            .service;
    return parameter.getParameter().getType() == Client.class ? service.client() : service;
  }

  private static final class Running implements AutoCloseable {
    private final ServiceProcess service;

    Running() {
      try {
        Path home = Files.createTempDirectory("runnel-shared");
        service = ServiceProcess.startWithOwner(home, Map.of("SCRIPTS_BASH_LOGIN", "false"));
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }

    @Override
    public void close() {
      service.close();
    }
  }
}
