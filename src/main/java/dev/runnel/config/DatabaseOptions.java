package dev.runnel.config;

import org.jspecify.annotations.Nullable;

/** Where the records are kept. */
public record DatabaseOptions(
    @Option(
            variable = "RUNNEL_DATABASE_URL",
            secret = true,
            pattern =
                "postgresql://([^\\s/?#@]+@)?(\\[[0-9A-Fa-f:.]+\\]|[^\\s/?#@:,]+)(:[0-9]{1,5})?"
                    + "/[^\\s/?#]+(\\?\\S*)?",
            allowed =
                "`postgresql://user:password@host:port/database`, special characters as `%XX`",
            meaning =
                "A PostgreSQL 14 or newer that holds the records."
                    + " Unset: an embedded PostgreSQL 18 under the data dir.")
        @Nullable String url,
    @Option(
            variable = "RUNNEL_DATABASE_SCHEMA",
            initial = "public",
            pattern = "(?!pg_)[a-z_][a-z0-9_]{0,62}",
            allowed = "small letters, digits and `_`",
            meaning = "Schema that holds the tables; it is created when missing.")
        String schema,
    @Option(
            variable = "RUNNEL_DATABASE_CONNECTIONS",
            initial = "8",
            min = "2",
            max = "200",
            meaning = "Connections of this node. More than the database has cores gains little.")
        int connections) {

  /** Says of a secret only whether it is set. */
  @Override
  public String toString() {
    return OptionTree.shown(this);
  }
}
