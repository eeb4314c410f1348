package dev.runnel.script;

/** One variable of a child's environment; {@code toString} never shows the value. */
public record EnvVariable(String key, String value) {
  @Override
  public String toString() {
    return key + "=…";
  }
}
