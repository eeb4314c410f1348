/** Who is calling. */
@NullMarked
package dev.runnel.account;

import org.jspecify.annotations.NullMarked;
