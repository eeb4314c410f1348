package dev.runnel.store;

/** A PostgreSQL server that store contracts are held against. */
public interface Server {

  /** How to reach this schema there. */
  DatabaseAddress address(String schema);
}
