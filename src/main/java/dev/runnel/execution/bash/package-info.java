/** Runs bash scripts. */
@NullMarked
package dev.runnel.execution.bash;

import org.jspecify.annotations.NullMarked;
