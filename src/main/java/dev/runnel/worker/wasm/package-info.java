/**
 * Runs WebAssembly modules in a process of its own: one at a time, told over its standard input and
 * heard over its standard output. Uses nothing of the service's.
 */
@NullMarked
package dev.runnel.worker.wasm;

import org.jspecify.annotations.NullMarked;
