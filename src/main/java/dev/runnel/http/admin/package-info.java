/** The admin door: script definitions, runs, their live output. */
@NullMarked
package dev.runnel.http.admin;

import org.jspecify.annotations.NullMarked;
