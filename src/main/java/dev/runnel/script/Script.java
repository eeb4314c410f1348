package dev.runnel.script;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One stored script, the same at every door.
 *
 * @param name the BosBase and shell name: unique, case-sensitive, never renamed
 * @param codeIdentifier the admin key: unique, normalised
 * @param title the admin display name
 * @param text the newest content, as given, at most 1 MiB of UTF-8
 * @param workingDirectory empty: what the door or language says
 * @param env the script's own variables, in order
 * @param timeout null: the door's default
 * @param revision counts every update at any door, from 1
 * @param contentVersion counts changes of text, language or runner, from 1
 */
public record Script(
    UUID id,
    String name,
    String codeIdentifier,
    String title,
    String description,
    Language language,
    Runner runner,
    String text,
    String workingDirectory,
    List<EnvVariable> env,
    @Nullable Duration timeout,
    boolean enabled,
    Concurrency concurrency,
    Limits limits,
    Turns turns,
    long revision,
    long contentVersion,
    Instant created,
    Instant updated) {}
