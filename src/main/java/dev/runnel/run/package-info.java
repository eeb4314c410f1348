/** Runs: requests, states, events and records. */
@NullMarked
package dev.runnel.run;

import org.jspecify.annotations.NullMarked;
