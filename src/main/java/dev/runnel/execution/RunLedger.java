package dev.runnel.execution;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One file with a line for each active run that leads to the run's processes after the service was
 * killed. It is not flushed to the disk: after a crash of the host nothing is left to be found.
 */
final class RunLedger implements AutoCloseable {
  /** A write of one line never crosses a page, so a kill leaves the whole of it or nothing. */
  private static final int LINE = 128;

  /** Room that is taken beforehand, so that a disk full later does not stop starts. */
  private static final int LINES = 512;

  private static final byte[] BLANK = line("");
  private static final Pattern RUN_ID =
      Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  private static final FileAttribute<?> PRIVATE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final RandomAccessFile file;
  private final BitSet taken = new BitSet();

  private RunLedger(RandomAccessFile file) {
    this.file = file;
  }

  /** Opens the file, which need not be there; what a former life has written stays until then. */
  static RunLedger open(Path path) throws IOException {
    if (!Files.exists(path)) {
      Files.createFile(path, PRIVATE);
    }
    return new RunLedger(new RandomAccessFile(path.toFile(), "rw"));
  }

  /** What is written there; nothing where there is no such file or it is not ours to read. */
  static List<Remains> read(Path path) {
    if (!Files.isReadable(path)) {
      return List.of();
    }
    try {
      var found = new ArrayList<Remains>();
      var text = Files.readString(path, StandardCharsets.ISO_8859_1);
      for (var at = 0; at + LINE <= text.length(); at += LINE) {
        remains(text.substring(at, at + LINE)).ifPresent(found::add);
      }
      return found;
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static Optional<Remains> remains(String line) {
    var words = line.strip().split(" ", -1);
    if (!RUN_ID.matcher(words[0]).matches()) {
      return Optional.empty();
    }
    return Optional.of(
        words.length < 4
            ? Remains.markedOnly(words[0])
            : new Remains(
                words[0],
                new ProcessId(Long.parseLong(words[1]), Long.parseLong(words[2])),
                words[3]));
  }

  /** Strikes out everything. */
  synchronized void clear() throws IOException {
    file.setLength(0);
    taken.clear();
    for (var line = 0; line < LINES; line++) {
      write(line, BLANK);
    }
  }

  /** A run is about to start: from now on the mark in their environment leads to its processes. */
  synchronized Entry enter(String runId) throws IOException {
    var line = taken.nextClearBit(0);
    write(line, line(runId));
    taken.set(line);
    return new Entry(line, runId);
  }

  private synchronized void write(int line, byte[] text) throws IOException {
    file.seek((long) line * LINE);
    file.write(text);
  }

  private static byte[] line(String text) {
    return (text + " ".repeat(LINE - 1 - text.length()) + "\n")
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  @Override
  public synchronized void close() throws IOException {
    file.close();
  }

  /** The line of one run. */
  final class Entry {
    private final int line;
    private final String runId;

    private Entry(int line, String runId) {
      this.line = line;
      this.runId = runId;
    }

    /** Its leading process has been started. */
    void leads(ProcessId leader, String bootId) throws IOException {
      write(line, line(runId + " " + leader.pid() + " " + leader.startTime() + " " + bootId));
    }

    /** Nothing is left of the run. */
    void strike() throws IOException {
      synchronized (RunLedger.this) {
        write(line, BLANK);
        taken.clear(line);
      }
    }
  }
}
