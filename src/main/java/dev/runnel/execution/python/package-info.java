/** Runs python scripts. */
@NullMarked
package dev.runnel.execution.python;

import org.jspecify.annotations.NullMarked;
