/**
 * The HTTP side of the service, whatever the dialect: routes and their roles, calls and answers,
 * bodies, streams. A dialect lives in a package below and only translates.
 */
@NullMarked
package dev.runnel.http;

import org.jspecify.annotations.NullMarked;
