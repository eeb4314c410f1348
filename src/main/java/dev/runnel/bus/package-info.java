/** How verticles talk: typed questions over the event bus, and the facades that ask them. */
@NullMarked
package dev.runnel.bus;

import org.jspecify.annotations.NullMarked;
