package dev.runnel.http;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/** A connection on which a test says every byte itself. */
final class RawConnection implements AutoCloseable {
  private final Socket socket;
  private final InputStream in;

  RawConnection(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(40_000);
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream());
  }

  RawConnection say(String text) throws IOException {
    return say(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  RawConnection say(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    return this;
  }

  /** Status and headers of the next answer. */
  Reply head() throws IOException {
    var status = line();
    var headers = MultiMap.caseInsensitiveMultiMap();
    for (var line = line(); !line.isEmpty(); line = line()) {
      var colon = line.indexOf(':');
      headers.add(line.substring(0, colon), line.substring(colon + 1).strip());
    }
    return new Reply(Integer.parseInt(status.split(" ", -1)[1]), headers, Buffer.buffer());
  }

  /** The next chunk of a chunked body, empty at its end. */
  byte[] chunk() throws IOException {
    var bytes = in.readNBytes(Integer.parseInt(line(), 16));
    line();
    return bytes;
  }

  /** The next answer; its body has a length or is chunked. */
  Reply reply() throws IOException {
    var head = head();
    if ("chunked".equals(head.headers().get("Transfer-Encoding"))) {
      for (var chunk = chunk(); chunk.length > 0; chunk = chunk()) {
        head.bytes().appendBytes(chunk);
      }
    } else if (head.headers().contains("Content-Length")) {
      var length = Integer.parseInt(head.headers().get("Content-Length"));
      head.bytes().appendBytes(in.readNBytes(length));
    }
    return head;
  }

  /** So many bytes, or fewer at the end. */
  byte[] bytes(int count) throws IOException {
    return in.readNBytes(count);
  }

  /** One line without its end. */
  String line() throws IOException {
    var line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("The service closed the connection");
      }
      line.write(b);
    }
    return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
  }

  /** Whether the service has closed the connection; waits for it. */
  boolean isClosedByService() throws IOException {
    try {
      return in.read() < 0;
    } catch (SocketException reset) {
      return true; // there was something that the service had not read
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
