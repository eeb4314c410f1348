/** Scripts and what is true of them, whoever stores or runs them. */
@NullMarked
package dev.runnel.script;

import org.jspecify.annotations.NullMarked;
