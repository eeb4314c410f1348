package dev.runnel.http.bosbase;

import com.fasterxml.jackson.annotation.JsonUnwrapped;

/** A shell command as this dialect shows it. */
record CommandWire(@JsonUnwrapped JobState state, String command) {}
