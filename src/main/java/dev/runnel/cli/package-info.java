/** The command line, and what it puts together. */
@NullMarked
package dev.runnel.cli;

import org.jspecify.annotations.NullMarked;
