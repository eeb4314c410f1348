package dev.runnel.cli;

import dev.runnel.http.bosbase.OpenApi;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code runnel openapi}: the document that the service answers at {@code /openapi.json}. */
@Command(
    name = "openapi",
    description = "Prints the OpenAPI document of the BosBase door.",
    mixinStandardHelpOptions = true)
final class OpenApiCommand implements Callable<Integer> {
  @Option(names = "--yaml", description = "As YAML instead of JSON.")
  boolean yaml;

  @Override
  public Integer call() {
    System.out.print(yaml ? OpenApi.yaml() : OpenApi.json());
    System.out.flush();
    return 0;
  }
}
