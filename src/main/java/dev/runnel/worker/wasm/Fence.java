package dev.runnel.worker.wasm;

import com.dylibso.chicory.runtime.HostFunction;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.WasmFunctionHandle;
import com.dylibso.chicory.wasi.WasiPreview1;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps each path of a module below the directory that it is relative to, also where links lead:
 * the library looks at a path's text only, and takes a relative link for one of its own working
 * directory. What another process changes between the look and the use is not noticed.
 */
final class Fence {
  private static final int FIRST_DIRECTORY = 3;
  private static final int SUCCESS = 0;

  /** EPERM of WASI. */
  private static final int REFUSED = 63;

  /** Among the lookup flags: a link at the end of a path is followed. */
  private static final long FOLLOW = 1;

  private final WasiPreview1 wasi;

  /** Where descriptors lead, without links. One that is closed or no directory does no harm. */
  private final Map<Integer, Path> directories = new HashMap<>();

  /**
   * @param given the directories of the module in their order, without links
   */
  Fence(WasiPreview1 wasi, Collection<Path> given) {
    this.wasi = wasi;
    var descriptor = FIRST_DIRECTORY;
    for (var directory : given) {
      directories.put(descriptor++, directory);
    }
  }

  HostFunction[] functions() {
    return Arrays.stream(wasi.toHostFunctions()).map(this::fenced).toArray(HostFunction[]::new);
  }

  private HostFunction fenced(HostFunction function) {
    var plain = function.handle();
    WasmFunctionHandle handle =
        switch (function.name()) {
          case "path_open" -> this::open;
          case "path_filestat_get" -> this::stat;
          case "path_link" -> this::link;
          case "path_filestat_set_times" -> guarded(plain, 0, 2, true);
          case "path_create_directory",
              "path_readlink",
              "path_remove_directory",
              "path_unlink_file" ->
              guarded(plain, 0, 1, false);
          case "path_rename" -> guarded(guarded(plain, 0, 1, false), 3, 4, false);
          case "path_symlink" -> guarded(plain, 2, 3, false);
          case "fd_renumber" -> (instance, args) -> renumber(plain, instance, args);
          default -> plain;
        };
    return new HostFunction(function.module(), function.name(), function.functionType(), handle);
  }

  private WasmFunctionHandle guarded(
      WasmFunctionHandle plain, int descriptor, int text, boolean follows) {
    return (instance, args) ->
        path(instance, args, descriptor, text, follows) == null
            ? refused()
            : plain.apply(instance, args);
  }

  private long[] open(Instance instance, long... args) {
    var path = path(instance, args, 0, 2, follows(args[1]));
    if (path == null) {
      return refused();
    }
    var memory = instance.memory();
    var descriptor = (int) args[0];
    var errno =
        wasi.pathOpen(
            memory,
            descriptor,
            (int) args[1],
            path,
            (int) args[4],
            args[5],
            args[6],
            (int) args[7],
            (int) args[8]);
    var directory = directories.get(descriptor);
    if (errno == SUCCESS && directory != null) {
      directories.put(memory.readInt((int) args[8]), real(directory.resolve(path)));
    }
    return new long[] {errno};
  }

  private long[] stat(Instance instance, long... args) {
    var path = path(instance, args, 0, 2, follows(args[1]));
    return path == null
        ? refused()
        : new long[] {
          wasi.pathFilestatGet(instance.memory(), (int) args[0], (int) args[1], path, (int) args[4])
        };
  }

  private long[] link(Instance instance, long... args) {
    var old = path(instance, args, 0, 2, follows(args[1]));
    var fresh = path(instance, args, 4, 5, false);
    return old == null || fresh == null
        ? refused()
        : new long[] {wasi.pathLink((int) args[0], (int) args[1], old, (int) args[4], fresh)};
  }

  private long[] renumber(WasmFunctionHandle plain, Instance instance, long... args) {
    var errno = plain.apply(instance, args);
    var moved = directories.get((int) args[0]);
    if (errno[0] == SUCCESS && moved != null) {
      directories.put((int) args[1], moved);
    }
    return errno;
  }

  private @Nullable String path(
      Instance instance, long[] args, int descriptor, int text, boolean follows) {
    var path = instance.memory().readString((int) args[text], (int) args[text + 1]);
    return within(directories.get((int) args[descriptor]), path, follows);
  }

  /** The path to hand on, without a link at its end that is to be followed; null: it leads out. */
  private static @Nullable String within(@Nullable Path directory, String text, boolean follows) {
    var path = directory == null ? null : plain(text);
    if (directory == null || path == null) {
      return text; // the library has its own answer to that
    }
    var host = directory.resolve(path);
    try {
      if (follows && Files.isSymbolicLink(host)) {
        var real = host.toRealPath();
        return real.startsWith(directory) ? directory.relativize(real).toString() : null;
      }
      var parent = host.equals(directory) ? host : host.getParent();
      while (!Files.exists(parent, LinkOption.NOFOLLOW_LINKS)) {
        parent = parent.getParent();
      }
      return parent.toRealPath().startsWith(directory) ? text : null;
    } catch (IOException leadsNowhere) {
      return null;
    }
  }

  /** Null for what leads out by its text or is no path. */
  private static @Nullable Path plain(String text) {
    try {
      var path = Path.of(text).normalize();
      return path.isAbsolute() || path.startsWith("..") ? null : path;
    } catch (InvalidPathException notAPath) {
      return null;
    }
  }

  private static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException goneAgain) {
      return path;
    }
  }

  private static boolean follows(long flags) {
    return (flags & FOLLOW) != 0;
  }

  private static long[] refused() {
    return new long[] {REFUSED};
  }
}
