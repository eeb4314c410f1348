package dev.runnel.execution;

import dev.runnel.run.Output;
import dev.runnel.run.Reason;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A run that a resident process of its interpreter serves, in place of processes of its own. */
public interface Job {

  /**
   * Begins, now or as soon as there is somebody to serve it; does not wait for that.
   *
   * @param heard told what happens, perhaps before this returns
   */
  Running begin(Heard heard);

  /** Hears what a job does: one call at a time, on a thread that may be held up for a moment. */
  interface Heard {

    /** It has printed this; the array is the listener's to keep. */
    void output(Output stream, byte[] bytes);

    /** A limit of the run ends it; {@link #ended} follows. */
    void over(Reason reason, String message);

    /**
     * It has ended and nothing of it is left; once, the last call.
     *
     * @param code as of a process: 128 + n after signal n
     * @param cpu null when that is not known
     */
    void ended(int code, @Nullable Duration cpu);
  }

  /** A job that has begun. Its methods never block and may be called on any thread. */
  interface Running {

    /** Asks for no more output for a while: whoever goes on printing waits. */
    void pause();

    void resume();

    /**
     * Ends it, whatever it does; nothing happens if it has ended.
     *
     * @param code what {@link Heard#ended} will say
     * @return whether a process had to be killed for that
     */
    boolean kill(int code);
  }
}
