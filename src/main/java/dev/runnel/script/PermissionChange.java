package dev.runnel.script;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** New values of a permission; null: as it is. */
public record PermissionChange(
    @Nullable UUID scriptId, @Nullable String name, @Nullable Audience audience) {}
