package dev.runnel.system;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The script calls of the JavaScript SDK, with {@code eventsource} and {@code ws} from npm. */
@ExtendWith(SharedService.class)
class JavaScriptSdkTest {

  @TestFactory
  Stream<DynamicTest> itsRequestsAreTheRecordedOnes(ServiceProcess service) {
    return ClientProgram.node("wire.mjs").steps(service);
  }

  @TestFactory
  Stream<DynamicTest> theDocumentsExamplesPassInOrder(@TempDir Path home) {
    return ClientProgram.node("seed.mjs").steps(new FunctionsFolder(home));
  }
}
