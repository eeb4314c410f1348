/** Real processes, started, watched and ended. */
@NullMarked
package dev.runnel.execution;

import org.jspecify.annotations.NullMarked;
