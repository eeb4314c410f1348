/** Every option of the service, as one immutable record tree. */
@NullMarked
package dev.runnel.config;

import org.jspecify.annotations.NullMarked;
