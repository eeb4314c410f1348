/** Runs scripts: admission, slots, processes and their ends, live output. */
@NullMarked
package dev.runnel.execution;

import org.jspecify.annotations.NullMarked;
