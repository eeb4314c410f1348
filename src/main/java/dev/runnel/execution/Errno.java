package dev.runnel.execution;

/** The kernel's error numbers this package tells apart; the same on x86_64 and aarch64. */
final class Errno {
  static final int ENOENT = 2;
  static final int EINTR = 4;
  static final int E2BIG = 7;
  static final int ENOEXEC = 8;
  static final int EAGAIN = 11;
  static final int ENOMEM = 12;
  static final int EACCES = 13;
  static final int ENOTDIR = 20;
  static final int ENFILE = 23;
  static final int EMFILE = 24;
  static final int ENOSYS = 38;

  private Errno() {}
}
