package dev.runnel.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The real directory that a path's file goes to, links between its parents followed as far as they
 * stay below the root.
 *
 * @param parents names below the root, none of them a link when it was looked at
 */
record Destination(List<String> parents) {

  /**
   * @param root without links
   * @param guarded directories of the service's own, without links
   * @throws dev.runnel.problem.Problem.Invalid when the path leaves the root, ends nowhere, or
   *     leads into what is guarded
   */
  static Destination of(Path root, UploadPath path, List<Path> guarded) throws IOException {
    var parent = root;
    for (var name : path.parents()) {
      parent = parent.resolve(name);
      if (Files.isSymbolicLink(parent)) {
        parent = real(parent);
      }
      if (!parent.startsWith(root)) {
        throw UploadPath.invalid();
      }
    }
    var names = new ArrayList<String>();
    for (int i = root.getNameCount(); i < parent.getNameCount(); i++) {
      names.add(parent.getName(i).toString());
    }
    var file = parent.resolve(path.fileName());
    if (guarded.stream().anyMatch(file::startsWith)
        || Spool.owns(names.isEmpty() ? path.fileName() : names.getFirst())) {
      throw UploadPath.invalid();
    }
    return new Destination(List.copyOf(names));
  }

  private static Path real(Path link) {
    try {
      return link.toRealPath();
    } catch (IOException leadsNowhere) {
      throw UploadPath.invalid();
    }
  }

  /** Opens the parents one in the other, making what is missing. */
  Folder open(Spool spool, Folder rootFolder) throws IOException {
    var at = Folder.open(spool.root());
    try {
      for (var name : parents) {
        var made = !at.has(name);
        if (made) {
          spool.makeShared(rootFolder, at, name);
          at.sync();
        }
        var next = at.enter(name);
        at.close();
        at = next;
      }
      return at;
    } catch (IOException | RuntimeException failure) {
      at.close();
      throw failure;
    }
  }
}
