package dev.runnel.worker.wasm;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** What one module prints, told to the service at once; after its end it is heard no more. */
final class Speaker {
  private final DataOutputStream out;
  private boolean ended;

  Speaker(DataOutputStream out) {
    this.out = out;
  }

  synchronized void print(boolean error, byte[] bytes, int from, int size) throws IOException {
    for (var at = from; at < from + size && !ended; at += Word.LONGEST) {
      var end = Math.min(at + Word.LONGEST, from + size);
      new Word.Printed(error, Arrays.copyOfRange(bytes, at, end)).write(out);
    }
  }

  /** A line of the runtime's own. */
  void complain(String message) throws IOException {
    var line = (message + "\n").getBytes(StandardCharsets.UTF_8);
    print(true, line, 0, line.length);
  }

  synchronized void end(Word.Ended end) throws IOException {
    if (!ended) {
      ended = true;
      end.write(out);
    }
  }

  /** One of the module's streams. */
  OutputStream stream(boolean error) {
    return new OutputStream() {
      @Override
      public void write(int one) throws IOException {
        print(error, new byte[] {(byte) one}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int from, int size) throws IOException {
        print(error, bytes, from, size);
      }
    };
  }
}
