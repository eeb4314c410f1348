package dev.runnel.run;

import dev.runnel.script.EnvVariable;
import dev.runnel.script.Limits;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything an engine needs to execute a run, on whichever node, whenever its turn comes.
 *
 * @param text the source, as stored in the version that the run names
 * @param function call mode: this python function is called; null: program mode
 * @param env script's own values, then the caller's; later ones win
 * @param workingDirectory empty: the engine's default for the door
 * @param timeout counted from the start of the process
 */
public record Invocation(
    ScriptStamp script,
    String text,
    List<String> args,
    @Nullable String function,
    List<EnvVariable> env,
    String workingDirectory,
    Duration timeout,
    Limits limits) {}
