/** The workers that run modules. */
@NullMarked
package dev.runnel.execution.wasm;

import org.jspecify.annotations.NullMarked;
