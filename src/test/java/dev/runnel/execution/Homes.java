package dev.runnel.execution;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Home directories with profiles. */
public final class Homes {
  private static final String PROFILE =
      """
      # Something of everything that a profile can leave behind.
      . "$HOME/rc files/functions"
      [ -f ~/.bashrc ] && source ~/.bashrc
      PATH="$HOME/bin:$PATH:/opt/odd dir"
      export PATH EDITOR="${EDITOR:-vi}" GREETING="${GREETING:-hello} world"
      export LC_MESSAGES=C later
      unset unset_by_profile
      odd=$'two\\nlines \\'single\\' "double" $HOME `id` \\\\ ünïcödé 🦆\\ttab'
      bytes=$'\\x01\\xff\\x80\\x7f'
      empty=
      list=(one "two words" [7]=seven '')
      declare -A map=([key]=value ['ä b']=$'x\\ny')
      declare -ir number_fixed=5
      declare -i number=1
      declare -u upper=start
      declare -r fixed=stays
      greeting_of_profile=old
      declare -n ref=greeting_of_profile
      IFS=$' \\t\\n:'
      umask 027
      ulimit -Ss 4096
      ulimit -c 0
      shopt -s extglob nullglob expand_aliases cdspell
      set -o pipefail
      set +o hashall
      alias hi='echo alias says' ll="ls -l 'x y'"
      complete -W 'start stop' service
      cat <<< ignored >/dev/null
      [[ abc =~ b(c) ]]
      false
      """;

  private static final String FUNCTIONS =
      """
      plain() { echo plain "$@"; }
      greet() { local who=${1:-nobody}; echo "Hello, $who. ($#)"; }
      exported() { echo "exported $FUNCNAME"; }
      export -f exported
      shopt -s extglob
      tricky() {
        case $1 in
          +([a-z])) cat <<-END
      \t\tword "$1" $(echo 'in side')
      \t\tEND
            ;;
          *) for ((i = 0; i < 2; i++)); do [[ $i =~ ^1$ ]] && echo "${i@Q}"; done ;;
        esac
      }
      """;

  private Homes() {}

  /** One with functions, aliases, options, limits, arrays, an own PATH and files that it reads. */
  public static Path heavy(Path directory) throws IOException {
    var home = Files.createDirectories(directory);
    Files.createDirectories(home.resolve("rc files"));
    Files.createDirectories(home.resolve("bin"));
    Files.writeString(home.resolve(".bash_profile"), PROFILE);
    Files.writeString(home.resolve("rc files/functions"), FUNCTIONS);
    Files.writeString(home.resolve(".bashrc"), "export RC=\"$RC+read\"\nalias rc='echo rc'\n");
    Files.writeString(home.resolve("startup"), "echo startup file; shopt -s nullglob\n");
    var tool = Files.writeString(home.resolve("bin/own-tool"), "#!/bin/sh\necho tool\n");
    if (!tool.toFile().setExecutable(true)) {
      throw new IOException("not executable: " + tool);
    }
    return home;
  }

  /** One with this profile only. */
  public static Path with(Path directory, String profile) throws IOException {
    var home = Files.createDirectories(directory);
    Files.writeString(home.resolve(".bash_profile"), profile);
    return home;
  }
}
