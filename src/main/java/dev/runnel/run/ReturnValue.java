package dev.runnel.run;

import org.jspecify.annotations.Nullable;

/**
 * What a script returned.
 *
 * @param json canonical JSON text, also for strings
 * @param error why the value could not be taken over as it is; null when it could
 */
public record ReturnValue(String json, ResultFormat format, @Nullable String error) {}
