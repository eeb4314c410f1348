package dev.runnel.execution;

import dev.runnel.script.Language;
import java.util.List;

/** What a node script can see of its start. */
final class NodeSamples {
  private NodeSamples() {}

  static List<Sample> all() {
    return List.of(
        node("stdio", "both streams", "console.log('out'); console.error('err')"),
        node(
            "stdio",
            "bytes and input",
            "process.stdout.write(Buffer.from([0, 255, 200, 10]));process.stdin.on('data', d =>"
                + " console.log(d)).on('end', () => console.log('end'))"),
        node(
            "stdio",
            "kinds",
            "const fs = require('fs');for (const d of [0, 1, 2])"
                + " console.log(fs.fstatSync(d).isFIFO(), require('tty').isatty(d))"),
        node(
            "exit",
            "code",
            "process.on('exit', c => console.log('exit', c)); process.exitCode = 7"),
        node("exit", "error", "setTimeout(() => { throw new Error('boom') }, 1)"),
        node("exit", "rejection", "Promise.reject(new Error('no'))"),
        node("exit", "signal", "process.kill(process.pid, 'SIGTERM'); setInterval(() => {}, 1000)"),
        node(
                "env",
                "values",
                "console.log(Object.entries(process.env).map(e => e.join('=')).sort().join('\\n'))")
            .where("OWN", "ü\n'x'"),
        node("cwd", "and umask", "console.log(process.cwd(), process.umask().toString(8))"),
        node(
                "argv",
                "arguments",
                "console.log(process.argv.slice(2), process.execArgv, __filename)")
            .with("a b", "", "--inspect", "ü"),
        node(
            "module state",
            "main",
            "console.log(require.main === module, module.id, this === exports, typeof"
                + " globalThis.left);globalThis.left = 1;"
                + " console.log(Object.keys(require.cache).length)"),
        node(
            "module state",
            "esm",
            "import('node:path').then(m => console.log(m.sep, module.paths.length))"),
        node(
            "descriptors",
            "inherited",
            "console.log(require('child_process').execSync('ls /proc/self/fd').toString())"));
  }

  private static Sample node(String category, String name, String text) {
    return Sample.of(Language.NODE, category, name, text);
  }
}
