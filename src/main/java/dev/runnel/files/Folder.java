package dev.runnel.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A directory held open: names are looked up in it, wherever it has been moved to, and links are
 * never followed.
 */
final class Folder implements AutoCloseable {
  private final SecureDirectoryStream<Path> stream;

  private Folder(SecureDirectoryStream<Path> stream) {
    this.stream = stream;
  }

  /** The directory that this path leads to now. */
  @SuppressWarnings("StreamResourceLeak") // held open until this is closed
  static Folder open(Path path) throws IOException {
    var opened = Files.newDirectoryStream(path);
    if (opened instanceof SecureDirectoryStream<Path> secure) {
      return new Folder(secure);
    }
    opened.close();
    throw new IOException("No directory can be held open in " + path.getFileSystem());
  }

  /** A directory in this one. Fails for a link too. */
  Folder enter(String name) throws IOException {
    // Opening what is no directory could wait for ever: a pipe.
    if (!attributes(name).isDirectory()) {
      throw new NotDirectoryException(name);
    }
    return new Folder(stream.newDirectoryStream(Path.of(name), LinkOption.NOFOLLOW_LINKS));
  }

  boolean has(String name) throws IOException {
    try {
      attributes(name);
      return true;
    } catch (NoSuchFileException missing) {
      return false;
    }
  }

  BasicFileAttributes attributes(String name) throws IOException {
    return view(name).readAttributes();
  }

  /** A new file that only the service may read. */
  FileChannel create(String name) throws IOException {
    var channel =
        stream.newByteChannel(
            Path.of(name),
            Set.of(
                StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    return (FileChannel) channel;
  }

  FileChannel read(String name) throws IOException {
    var options = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    return (FileChannel) stream.newByteChannel(Path.of(name), options);
  }

  /** Gives a file or directory here its last form: for everybody to read and to execute. */
  void share(String name, @Nullable UserPrincipal owner) throws IOException {
    var view = view(name);
    view.setPermissions(PosixFilePermissions.fromString("rwxr-xr-x"));
    if (owner != null) {
      view.setOwner(owner);
    }
  }

  UserPrincipal owner() throws IOException {
    return stream.getFileAttributeView(PosixFileAttributeView.class).getOwner();
  }

  /** In one step; what has the new name is replaced, a link as itself. */
  void move(String name, Folder target, String newName) throws IOException {
    stream.move(Path.of(name), target.stream, Path.of(newName));
  }

  /** Completes when the names here survive a power cut. */
  void sync() throws IOException {
    try (var here = stream.newByteChannel(Path.of("."), Set.of(StandardOpenOption.READ))) {
      ((FileChannel) here).force(true);
    }
  }

  List<String> names() {
    var names = new ArrayList<String>();
    for (var path : stream) {
      names.add(path.getFileName().toString());
    }
    return names;
  }

  void deleteFile(String name) throws IOException {
    stream.deleteFile(Path.of(name));
  }

  void deleteDirectory(String name) throws IOException {
    stream.deleteDirectory(Path.of(name));
  }

  private PosixFileAttributeView view(String name) {
    return stream.getFileAttributeView(
        Path.of(name), PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }
}
