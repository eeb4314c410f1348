/** What the service remembers: PostgreSQL behind one verticle, one class for each table. */
@NullMarked
package dev.runnel.store;

import org.jspecify.annotations.NullMarked;
