package dev.runnel.system;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The script calls of the JavaScript SDK, with {@code eventsource} and {@code ws} from npm. */
class JavaScriptSdkTest {

  @TestFactory
  Stream<DynamicTest> itsRequestsAreTheRecordedOnes() {
    return ClientProgram.node("wire.mjs").steps();
  }

  @TestFactory
  Stream<DynamicTest> theDocumentsExamplesPassInOrder(@TempDir Path home) {
    return ClientProgram.node("seed.mjs").steps(new FunctionsFolder(home));
  }
}
