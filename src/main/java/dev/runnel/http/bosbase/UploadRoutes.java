package dev.runnel.http.bosbase;

import dev.runnel.account.Role;
import dev.runnel.bus.Scripts;
import dev.runnel.files.UploadPath;
import dev.runnel.files.Uploads;
import dev.runnel.http.Answer;
import dev.runnel.http.Call;
import dev.runnel.http.Refusal;
import dev.runnel.http.Refused;
import dev.runnel.http.Routes;
import dev.runnel.http.form.MalformedForm;
import dev.runnel.http.form.MultipartReader;
import io.vertx.core.Future;
import java.nio.file.Path;

/** {@code /api/scripts/upload}: files for {@code EXECUTE_PATH}, to be read or executed. */
final class UploadRoutes {
  private final Uploads uploads;
  private final Scripts scripts;

  private UploadRoutes(Uploads uploads, Scripts scripts) {
    this.uploads = uploads;
    this.scripts = scripts;
  }

  static void mount(Routes routes, Uploads uploads, Scripts scripts) {
    var here = new UploadRoutes(uploads, scripts);
    routes.stream("/api/scripts/upload", Role.SUPERUSER, here::upload);
  }

  record Uploaded(String output, String path) {}

  private Future<Answer> upload(Call call) {
    var boundary = MultipartReader.boundary(call.header("Content-Type"));
    if (boundary == null) {
      throw Refuse.badRequest("File is required.");
    }
    var file = new IncomingFile(uploads, boundary);
    return call.eachPiece(
            uploads.limit() + IncomingFile.ENVELOPE,
            (bytes, length) -> uploads.onWorker(() -> file.take(bytes, length)).mapEmpty())
        .compose(_ -> uploads.onWorker(file::destination))
        .compose(this::free)
        .compose(path -> uploads.onWorker(() -> file.store(path)).map(stored -> of(path, stored)))
        .recover(UploadRoutes::refused)
        .eventually(() ->
            uploads.onWorker(() -> {
              file.close();
              return null;
            }));
  }

  private Answer of(UploadPath path, Path stored) {
    return Answer.ok(new Uploaded("uploaded " + path + " to " + uploads.root(), stored.toString()));
  }

  /**
   * In {@code scripts/} lies the newest text of every stored script: it changes with the script.
   */
  private Future<UploadPath> free(UploadPath path) {
    if (path.names().size() != 2 || !path.names().getFirst().equals("scripts")) {
      return Future.succeededFuture(path);
    }
    var name = path.names().getLast();
    return scripts
        .find(name)
        .map(script -> {
          if (script.isPresent()) {
            throw Refuse.badRequest(
                path + " is a stored script: change it with PATCH, or choose another path.");
          }
          return path;
        });
  }

  private static Future<Answer> refused(Throwable failure) {
    return Future.failedFuture(
        failure instanceof MalformedForm malformed
            ? new Refused(new Refusal.BadBody(String.valueOf(malformed.getMessage())))
            : failure);
  }
}
