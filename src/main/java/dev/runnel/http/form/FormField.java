package dev.runnel.http.form;

/** One name with one value; a form may hold the name again. */
public record FormField(String name, String value) {}
