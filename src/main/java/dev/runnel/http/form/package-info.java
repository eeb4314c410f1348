/** Bodies of HTML forms, read piece by piece: {@code multipart/form-data} and URL-encoded. */
@NullMarked
package dev.runnel.http.form;

import org.jspecify.annotations.NullMarked;
