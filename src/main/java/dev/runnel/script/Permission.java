package dev.runnel.script;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who may execute the script or the wasm file of this name. It holds for a script of that name,
 * else for the script of that id that no permission names.
 *
 * @param scriptId null: no script of that name is known yet
 * @param name of a script, or path of a wasm file; unique, and nothing needs to exist by it
 * @param version counts every update, from 1
 */
public record Permission(
    UUID id,
    @Nullable UUID scriptId,
    String name,
    Audience audience,
    long version,
    Instant created,
    Instant updated) {}
