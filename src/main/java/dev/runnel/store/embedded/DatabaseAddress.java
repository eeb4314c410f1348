package dev.runnel.store.embedded;

/**
 * Where a database is and how to get in.
 *
 * @param host an IP address or name
 * @param port the TCP port
 * @param database the database's name
 * @param user the role to log in as
 * @param password that role's password; {@link #toString} leaves it out
 */
public record DatabaseAddress(
    String host, int port, String database, String user, String password) {

  /** The address as pgjdbc wants it, without user and password. */
  public String jdbcUrl() {
    return "jdbc:postgresql://" + host + ":" + port + "/" + database;
  }

  @Override
  public String toString() {
    return "postgresql://" + user + "@" + host + ":" + port + "/" + database;
  }
}
