package dev.runnel.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A file far too long for any memory, sent as a browser sends it. */
final class BigUpload {
  private static final String HEAD =
      "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"big\"\r\n\r\n";

  private BigUpload() {}

  /** Sends it; answers how many bytes of memory the service grew by at most meanwhile. */
  static long send(ServiceProcess service, String path, long bytes) throws Exception {
    var before = service.residentBytes();
    var highest = before;
    try (var client = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(URI.create(service.url() + "/api/scripts/upload"))
              .header("Authorization", service.token())
              .header("Content-Type", "multipart/form-data; boundary=edge")
              .POST(HttpRequest.BodyPublishers.ofInputStream(() -> body(path, bytes)))
              .build();
      var sent = client.sendAsync(request, BodyHandlers.ofString());
      while (!isDone(sent)) {
        highest = Math.max(highest, service.residentBytes());
      }
      assertThat(sent.get().statusCode()).as(sent.get().body()).isEqualTo(200);
    }
    return highest - before;
  }

  private static boolean isDone(Future<?> sent) throws Exception {
    try {
      sent.get(20, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException underWay) {
      return false;
    }
  }

  private static InputStream body(String path, long bytes) {
    var tail =
        "\r\n--edge\r\nContent-Disposition: form-data; name=\"path\"\r\n\r\n"
            + path
            + "\r\n--edge--\r\n";
    return new SequenceInputStream(
        Collections.enumeration(List.of(text(HEAD), new Content(bytes), text(tail))));
  }

  private static InputStream text(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Whether that is what was sent. */
  static boolean isWhole(Path file, long bytes) throws IOException {
    try (var stored = Files.newInputStream(file);
        var expected = new Content(bytes)) {
      var block = new byte[Content.BLOCK];
      for (int n = expected.read(block); n > 0; n = expected.read(block)) {
        var there = stored.readNBytes(n);
        if (!Arrays.equals(there, 0, there.length, block, 0, n)) {
          return false;
        }
      }
      return stored.read() < 0;
    }
  }

  /** Noise, the same every time; each block differs from the others. */
  private static final class Content extends InputStream {
    static final int BLOCK = 1 << 16;
    private final byte[] noise = new byte[BLOCK];
    private final long bytes;
    private long at;

    Content(long bytes) {
      this.bytes = bytes;
      new Random(5).nextBytes(noise);
    }

    @Override
    public int read() {
      throw new UnsupportedOperationException("byte by byte");
    }

    @Override
    public int read(byte[] target, int from, int length) {
      if (at == bytes) {
        return -1;
      }
      var offset = (int) (at % BLOCK);
      if (offset == 0) {
        noise[(int) (at / BLOCK % BLOCK)]++;
      }
      var n = (int) Math.min(Math.min(length, BLOCK - offset), bytes - at);
      System.arraycopy(noise, offset, target, from, n);
      at += n;
      return n;
    }
  }
}
