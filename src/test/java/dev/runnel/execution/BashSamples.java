package dev.runnel.execution;

import dev.runnel.script.Language;
import dev.runnel.script.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** What a bash script can see of its start. */
final class BashSamples {
  private final List<Sample> all = new ArrayList<>();

  private BashSamples() {}

  static List<Sample> all() {
    var samples = new BashSamples();
    samples.stdio();
    samples.exit();
    samples.environment();
    samples.arguments();
    samples.signals();
    samples.limits();
    samples.login();
    samples.profile();
    return samples.all;
  }

  private void add(String category, String name, String text) {
    add(category, name, text, sample -> sample);
  }

  private void add(String category, String name, String text, UnaryOperator<Sample> change) {
    all.add(change.apply(Sample.of(Language.BASH, category, name, text)));
  }

  private void stdio() {
    add("stdio", "both streams", "echo out; echo err >&2; printf 'no newline'");
    add("stdio", "bytes", "printf '\\0\\1\\377\\376 \\303\\274\\n'; printf '\\200' >&2");
    add("stdio", "empty input", "read -r line; echo \"$? [$line]\"; cat; [ -t 0 ] || echo none");
    add("stdio", "by name", "echo a >/dev/stdout; echo b >/dev/stderr; readlink /dev/stdin");
    add("stdio", "much", "seq 1 60000; seq 1 20000 >&2");
    add("stdio", "closed", "exec 1>&-; echo gone; echo $? >&2");
    add(
        "descriptors",
        "open ones",
        "cd /proc/self/fd && echo *; for f in /proc/$$/fd/*; do echo ${f##*/}; done");
    add("descriptors", "new ones", "exec {a}>/dev/null 7</dev/null; echo $a; exec 7<&-; echo $?");
  }

  private void exit() {
    add("exit", "a number", "exit 3");
    add("exit", "of the last command", "true; (exit 42)");
    add("exit", "before the first command", "exit");
    add("exit", "seen at the start", "echo \"$? $_ ${!-} ${PIPESTATUS[*]}\"");
    add("exit", "by signal", "kill -TERM $$");
    add("exit", "killed", "echo first; kill -KILL $$");
    add("exit", "not found", "no-such-command; echo $?; exec no-such-command");
    add("exit", "syntax", "echo before\nif then fi");
    add("exit", "trap", "trap 'echo bye; exit 9' EXIT; set -e; false; echo not here");
    add("exit", "line", "\n\necho $LINENO\nfalse || /no/such/file");
    add("exit", "unset", "set -u; echo \"$nothing\"; echo not here");
  }

  private void environment() {
    add("env", "of a child", "env -0 | sort -z | tr '\\0\\n' '\\n~' | grep -av '^_='");
    add("env", "exported", "export -p");
    add(
        "env",
        "all variables",
        "declare -p $(compgen -v | grep -vE"
            + " '^(BASHPID|EPOCH.*|S?RANDOM|SECONDS|LINENO|BASH_CMDS)$')");
    add("env", "functions of a child", "bash -c 'exported; declare -F; plain'");
    add("env", "path", "echo \"$PATH\"; type -a echo cat; command -v own-tool; own-tool");
    add(
        "env",
        "own values",
        "echo \"$OWN|$QUOTED\"; env | grep -a '^OWN'",
        sample -> sample.where("OWN", "läuft").where("QUOTED", "a\n'b' \"c\" $HOME `d`"));
    add("env", "own path", "echo \"$PATH\"", sample -> sample.where("PATH", "/usr/bin:/bin:/own"));
    add(
        "env",
        "own home",
        "echo ~ \"$HOME\"; declare -F; alias",
        sample -> sample.where("HOME", "/no/such/home"));
    add(
        "env",
        "overridden",
        "echo \"$EDITOR $GREETING\"",
        sample -> sample.where("EDITOR", "mine").where("GREETING", "yours"));
    add("env", "of the run", "echo \"$SCRIPT_CODE $SCRIPT_TRIGGER $RUNNEL_RUN_ID $SCRIPT_RUN_ID\"");
    add("env", "no trace", "echo \"${BASH_ENV-none}\"; env | grep -c BASH_ENV");
    add(
        "env",
        "startup file",
        "echo \"$BASH_ENV\"; greet you",
        sample -> sample.where("BASH_ENV", "$HOME/startup"));
    add("cwd", "here", "pwd; pwd -P; echo \"$PWD ${OLDPWD-none}\"; dirs; ls");
    add("cwd", "there and back", "cd /tmp; cd - ; echo \"$OLDPWD\"; cd; pwd");
  }

  private void arguments() {
    var print = "printf '<%s>' \"$0\" $# \"$@\"; echo; echo \"$BASH_ARGV0\"";
    add("argv", "none", print + "; echo \"$BASH_EXECUTION_STRING\"");
    add(
        "argv",
        "some",
        print,
        sample -> sample.with("a b", "", "-x", "--", "ü→🦆", "new\nline", "$HOME"));
    add(
        "argv",
        "shift",
        "shift 2; echo \"$1 $#\"; set -- x y; echo \"$*\"",
        sample -> sample.with("1", "2", "3"));
    add(
        "argv",
        "a long text",
        "#" + "x".repeat(150_000) + "\n" + print + "; echo $LINENO $- $_",
        sample -> sample.with("a", "b c"));
    add("argv", "a long text without", "shopt login_shell; greet\n#" + "y".repeat(150_000));
  }

  private void signals() {
    add(
        "signals",
        "masks",
        // By the shell itself: while it waits for a child its own mask changes.
        "while read -r l; do case $l in Sig[BIC]*) echo \"$l\";; esac; done </proc/$$/status;"
            + " grep -E '^Sig(Blk|Ign|Cgt)' /proc/self/status");
    add("signals", "traps", "trap -p; trap 'echo usr' USR1; kill -USR1 $$; trap -p");
    add("signals", "handled", "trap 'echo term; exit 5' TERM; kill -TERM $$; echo not here");
    add(
        "signals",
        "session",
        "read -r _ _ _ p g s _ < <(sed 's/([^)]*)/x/' /proc/$$/stat); echo $((g == $$)) $((s =="
            + " $$)) $((p == PPID))");
    add("signals", "jobs", "sleep 0 & wait $!; echo $?; jobs; set -o | grep monitor");
  }

  private void limits() {
    add("umask", "mask", "umask; umask -S");
    add("umask", "of a file", "f=$(mktemp -u); : >$f; stat -c %a $f; rm $f");
    add(
        "ulimits",
        "all",
        "until [ \"$(ulimit -Hn)\" = 4096 ]; do :; done; ulimit -SHa | grep -v -- -u; ulimit -Sa |"
            + " grep -v -- -u; ulimit -Ss");
    add("ulimits", "of a child", "bash -c 'ulimit -s; ulimit -Hs; ulimit -Sc'");
    add(
        "ulimits",
        "of the script",
        "until [ \"$(ulimit -f)\" = 7 ]; do :; done; ulimit -Hf; ulimit -Ss",
        sample -> sample.within(new Limits(null, null, null, null, 7L * 1024)));
  }

  private void login() {
    add("login", "shell", "shopt login_shell; echo $-; echo $SHLVL $BASH_SUBSHELL; logout 4");
    add("login", "options", "shopt; set +o; echo $SHELLOPTS $BASHOPTS");
    add("login", "last command", "awk -v p=$PPID '{print p == $4}' /proc/self/stat");
    add("login", "compound", "echo; awk -v p=$PPID '{print p == $4}' /proc/self/stat");
    add("login", "another", "bash -lc 'shopt login_shell; declare -F; alias; umask'");
    add("login", "profile again", ". ~/.bash_profile; echo \"$? $PATH\"");
  }

  private void profile() {
    add("profile", "functions", "greet 'you all'; declare -f; declare -F; type tricky; tricky a");
    add("profile", "exported functions", "exported; env | grep -ac BASH_FUNC");
    add("profile", "aliases", "alias\nhi there\nshopt expand_aliases");
    add(
        "profile",
        "arrays",
        "printf '<%s>' \"${list[@]}\" \"${!map[@]}\" \"${map[ä b]}\"; echo ${#list[@]}");
    add(
        "profile",
        "attributes",
        "number=2+3; echo $number; upper=abc; echo $upper; fixed=x; echo no");
    add(
        "profile",
        "values",
        "later=now; env | grep later; printf '%q\\n' \"$odd\" \"$bytes\" \"$empty\""
            + " \"${unset_by_profile-gone}\"");
    add("profile", "reference", "echo \"$ref\"; ref=new; echo \"$greeting_of_profile\"");
    add(
        "profile",
        "patterns",
        "cd /; echo @(et|us)* !(*); shopt extglob nullglob; [[ abc == a+(b)c ]]");
    add("profile", "pipefail", "false | true; echo $?");
    add("profile", "completion", "complete -p; compgen -W 'one two' -- t");
    add("profile", "separator", "x='a:b c'; printf '<%s>' $x; printf '%q' \"$IFS\"");
    add("profile", "options kept", "set -o | sort; unset -f greet; unalias -a; alias; greet");
    add(
        "module state",
        "nothing stays",
        "echo ${left_by_script-clean}; export left_by_script=1; greet() { echo spoilt; }");
    add("module state", "nothing stayed", "echo ${left_by_script-clean}; greet me");
  }
}
