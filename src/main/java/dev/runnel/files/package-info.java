/** Files that callers bring to {@code EXECUTE_PATH}. Everything here blocks unless it says not. */
@NullMarked
package dev.runnel.files;

import org.jspecify.annotations.NullMarked;
