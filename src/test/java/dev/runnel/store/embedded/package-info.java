@NullMarked
package dev.runnel.store.embedded;

import org.jspecify.annotations.NullMarked;
