package dev.runnel.http.bosbase;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.runnel.script.Permission;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A permission as this dialect shows it. */
record PermissionWire(
    String id,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String scriptId,
    String scriptName,
    String content,
    long version,
    String created,
    String updated) {

  record Page(List<PermissionWire> items) {}

  static PermissionWire of(Permission permission) {
    var scriptId = permission.scriptId();
    return new PermissionWire(
        permission.id().toString(),
        scriptId == null ? null : scriptId.toString(),
        permission.name(),
        permission.audience().wire(),
        permission.version(),
        Timestamps.record(permission.created()),
        Timestamps.record(permission.updated()));
  }
}
