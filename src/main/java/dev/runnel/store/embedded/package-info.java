/**
 * A PostgreSQL server of our own: unpacked from the class path, started under the data folder,
 * started again when it dies, ended with the service.
 */
@NullMarked
package dev.runnel.store.embedded;

import org.jspecify.annotations.NullMarked;
