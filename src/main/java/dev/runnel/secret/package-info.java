/** The service's one secret key, and what is signed and sealed with it. */
@NullMarked
package dev.runnel.secret;

import org.jspecify.annotations.NullMarked;
