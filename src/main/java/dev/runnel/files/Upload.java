package dev.runnel.files;

import dev.runnel.problem.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A file on its way: nobody sees it before it is whole and on the disk. */
public final class Upload implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Upload.class);
  private static final String CONTENT = "content";

  /** Two uploads that make the same directory would replace each other's. */
  private static final Object PLACING = new Object();

  private final Spool spool;
  private final List<Path> guarded;
  private final Runnable settled;
  private final Folder root;
  private final String name;
  private final Folder folder;
  private final FileChannel content;
  private boolean stored;
  private boolean closed;

  private Upload(
      Spool spool,
      List<Path> guarded,
      Runnable settled,
      Folder root,
      String name,
      Folder folder,
      FileChannel content) {
    this.spool = spool;
    this.guarded = guarded;
    this.settled = settled;
    this.root = root;
    this.name = name;
    this.folder = folder;
    this.content = content;
  }

  static Upload begin(Spool spool, List<Path> guarded, Runnable settled) throws CannotPrepare {
    try {
      var root = spool.openRoot();
      try {
        var name = spool.makePrivate();
        var folder = spool.enterPrivate(root, name);
        return new Upload(spool, guarded, settled, root, name, folder, folder.create(CONTENT));
      } catch (IOException failure) {
        root.close();
        throw failure;
      }
    } catch (IOException failure) {
      throw new CannotPrepare(failure);
    }
  }

  /** Appends. */
  public synchronized void write(byte[] bytes, int from, int to) throws IOException {
    var left = ByteBuffer.wrap(bytes, from, to - from);
    while (left.hasRemaining()) {
      content.write(left);
    }
  }

  /**
   * Puts the whole file in its place, in one step and for good: a power cut later loses nothing.
   *
   * @return its path, as {@code EXECUTE_PATH} was given
   * @throws Problem.Invalid when the path leads out of {@code EXECUTE_PATH} or to what is not the
   *     caller's to replace
   * @throws CannotPrepare when its directory cannot be made
   */
  public synchronized Path storeAs(UploadPath path) throws IOException {
    content.force(true);
    // What anybody has open for writing cannot be executed, and a process has it in its first
    // moment.
    content.close();
    settled.run();
    folder.share(CONTENT, spool.owner());
    try (var parent = parent(path)) {
      place(parent, path.fileName());
      parent.sync();
    }
    return spool.root().resolve(path.toString());
  }

  private Folder parent(UploadPath path) throws CannotPrepare {
    try {
      var destination = Destination.of(spool.root().toRealPath(), path, guarded);
      synchronized (PLACING) {
        return destination.open(spool, root);
      }
    } catch (IOException failure) {
      throw new CannotPrepare(failure);
    }
  }

  private void place(Folder parent, String fileName) throws IOException {
    try {
      folder.move(CONTENT, parent, fileName);
      stored = true;
    } catch (AtomicMoveNotSupportedException otherFileSystem) {
      placeCopy(parent, fileName);
    }
  }

  /** Where another file system is mounted below the root: it goes there first, then in place. */
  private void placeCopy(Folder parent, String fileName) throws IOException {
    try (var source = folder.read(CONTENT);
        var copy = parent.create(name)) {
      for (long at = 0; at < source.size(); ) {
        at += source.transferTo(at, source.size() - at, copy);
      }
      copy.force(true);
    } catch (IOException failure) {
      parent.deleteFile(name);
      throw failure;
    }
    settled.run();
    parent.share(name, spool.owner());
    parent.move(name, parent, fileName);
  }

  /** Removes what was not stored. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try (root;
        folder;
        content) {
      if (!stored) {
        folder.deleteFile(CONTENT);
      }
      root.deleteDirectory(name);
    } catch (IOException failure) {
      LOG.warn("{} in {} stays until the next start: {}", name, spool.root(), failure.toString());
    }
  }
}
