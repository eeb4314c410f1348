/** Bash's login environment, taken and restored. */
@NullMarked
package dev.runnel.execution.bash;

import org.jspecify.annotations.NullMarked;
