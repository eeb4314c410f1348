package dev.runnel.system;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** PyPI's {@code bosbase}, which has all script calls. */
class PypiClientTest {

  @TestFactory
  Stream<DynamicTest> theDocumentsExamplesPassInOrder(@TempDir Path home) {
    return ClientProgram.python("seed.py").steps(new FunctionsFolder(home));
  }
}
