package dev.runnel.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What an option is: everything that its table row, its check and its error message say. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Option {

  /** The environment variable. */
  String variable();

  /** The default as it would be written in the file; empty: unset. */
  String initial() default "";

  /** The smallest allowed value, as it would be written; empty for what is no amount. */
  String min() default "";

  /** The largest allowed value. */
  String max() default "";

  /** What a text must look like, as a regular expression; empty: anything. */
  String pattern() default "";

  /** The pattern in words, for people. */
  String allowed() default "";

  /** Other words for values, as {@code word=value}. */
  String[] also() default {};

  /** How the text of the value is read. */
  Unit unit() default Unit.NONE;

  /** What it does and why one would change it; one or two sentences of Markdown. */
  String meaning();

  /** Never shown, not even in error messages. */
  boolean secret() default false;

  /** How a number or text is written. */
  enum Unit {
    /** As it is. */
    NONE,
    /**
     * {@code 250 ms}, {@code 5 s}, {@code 30 min}, {@code 24 h}, {@code 7 d}; a bare number is
     * milliseconds.
     */
    TIME,
    /** {@code 64 KiB}, {@code 10 MiB}, {@code 1 GiB}; a bare number is bytes. */
    BYTES
  }
}
