package dev.runnel.execution;

import dev.runnel.script.Language;
import java.util.List;

/** What a python script can see of its start. */
final class PythonSamples {
  private PythonSamples() {}

  static List<Sample> all() {
    return List.of(
        python(
            "stdio",
            "both streams",
            """
            import sys
            print('out')
            print('err', file=sys.stderr)
            sys.stdout.write('no newline')\
            """),
        python(
            "stdio",
            "bytes and input",
            "import sys, os\n"
                + "sys.stdout.buffer.write(b'\\0\\xff\\n')\n"
                + "print(sys.stdin.read() == '')\n"
                + "print([os.isatty(d) for d in (0, 1, 2)], sys.stdout.encoding,"
                + " sys.stderr.errors)"),
        python("exit", "code", "import sys, atexit\natexit.register(print, 'bye')\nsys.exit(5)"),
        python("exit", "text", "raise SystemExit('stopped')"),
        python("exit", "traceback", "def f():\n  raise ValueError('boom')\nf()"),
        python(
            "exit", "signal", "import os, signal\nprint('x', flush=True)\nos.kill(os.getpid(), 9)"),
        python(
                "env",
                "values",
                "import os\n"
                    + "for k in sorted(os.environ):\n"
                    + "  if k not in ('PYTHONPATH', 'PYTHONUNBUFFERED'): print(k,"
                    + " repr(os.environ[k]))")
            .where("OWN", "ü\n'x'"),
        python(
            "cwd",
            "and umask",
            "import os, sys\n"
                + "print(os.getcwd(), oct(os.umask(0)), sys.path[0] == os.path.dirname(__file__))"),
        python("argv", "arguments", "import sys\nprint(sys.argv, sys.orig_argv[1:], sys.flags)")
            .with("a b", "", "-c", "ü"),
        python(
            "signals",
            "handlers",
            "import signal\nprint([signal.getsignal(s) for s in"
                + " (signal.SIGINT, signal.SIGTERM, signal.SIGPIPE, signal.SIGCHLD)],"
                + " signal.pthread_sigmask(signal.SIG_BLOCK, []))"),
        python(
            "module state",
            "main",
            """
            import sys
            print(__name__, __spec__, __doc__, sorted(globals()), __builtins__.__name__)
            print('json' in sys.modules, sys.modules['__main__'].__file__)
            import json
            json.left = 1
            """),
        python(
            "descriptors",
            "and limits",
            "import os, resource\nprint(sorted(os.listdir('/proc/self/fd')),"
                + " resource.getrlimit(resource.RLIMIT_NOFILE))"));
  }

  private static Sample python(String category, String name, String text) {
    return Sample.of(Language.PYTHON, category, name, text);
  }
}
