/** What can go wrong, in the domain's own words; each dialect has one mapping of it to its wire. */
@NullMarked
package dev.runnel.problem;

import org.jspecify.annotations.NullMarked;
