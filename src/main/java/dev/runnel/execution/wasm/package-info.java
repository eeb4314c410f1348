/** Runs WebAssembly modules: by {@code wasmedge}, else in worker processes of our own. */
@NullMarked
package dev.runnel.execution.wasm;

import org.jspecify.annotations.NullMarked;
