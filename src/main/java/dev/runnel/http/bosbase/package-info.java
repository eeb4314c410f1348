/** The BosBase door: scripts by name, tokens, synchronous and asynchronous execution. */
@NullMarked
package dev.runnel.http.bosbase;

import org.jspecify.annotations.NullMarked;
