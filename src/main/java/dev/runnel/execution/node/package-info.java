/** Runs node scripts. */
@NullMarked
package dev.runnel.execution.node;

import org.jspecify.annotations.NullMarked;
