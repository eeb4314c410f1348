/** Credentials and who they belong to: tokens, passwords, throttled logins. */
@NullMarked
package dev.runnel.auth;

import org.jspecify.annotations.NullMarked;
