package dev.runnel.system;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/** What npm has for this door: {@code bosbase}, {@code eventsource}, {@code ws}, and fetch. */
@ExtendWith(SharedService.class)
class NpmClientTest {

  @TestFactory
  Stream<DynamicTest> thePackageLogsInManagesUsersAndSends(ServiceProcess service) {
    return ClientProgram.node("package.mjs").steps(service);
  }

  @TestFactory
  Stream<DynamicTest> streamsEndAsTheirClientsExpect(ServiceProcess service) {
    return ClientProgram.node("streams.mjs").steps(service);
  }

  @TestFactory
  Stream<DynamicTest> aPageOfAnotherOriginIsServed(ServiceProcess service) {
    return ClientProgram.node("browser.mjs").steps(service);
  }
}
