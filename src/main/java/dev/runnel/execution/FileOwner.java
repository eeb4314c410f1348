package dev.runnel.execution;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/** Gives files to the user that scripts run as, where that is not the service's own. */
final class FileOwner {
  private final @Nullable RunAs runAs;

  /**
   * @param runAs null: the service's own user, who has what it makes
   */
  FileOwner(@Nullable RunAs runAs) {
    this.runAs = runAs;
  }

  /** Gives a file or directory to the user. */
  void owns(Path path) throws IOException {
    if (runAs != null) {
      var lookup = path.getFileSystem().getUserPrincipalLookupService();
      Files.setAttribute(
          path,
          "posix:owner",
          lookup.lookupPrincipalByName(runAs.user()),
          LinkOption.NOFOLLOW_LINKS);
    }
  }

  /** Lets the user read a file of the service's. */
  void mayRead(Path file) throws IOException {
    share(file, "r--r-----");
  }

  /** Lets the user list a directory of the service's. */
  void mayEnter(Path directory) throws IOException {
    share(directory, "rwxr-x---");
  }

  private void share(Path path, String mode) throws IOException {
    if (runAs != null) {
      Files.setAttribute(path, "unix:gid", Integer.parseInt(runAs.group()));
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }
  }
}
