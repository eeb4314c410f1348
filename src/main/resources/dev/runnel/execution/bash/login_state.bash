# What a shell's start has left in it, for a comparison; sourced as the first command of a script:
#
#   . login_state.bash MARK FILE "$?" "$_" "${PIPESTATUS[*]}" "$(trap -p DEBUG)" "$@"
#
# A trap on DEBUG has to be looked at outside: a sourced file does not see it.
# FILE appears when the limits of the shell have been set: that is done from outside.
#
# Prints the mark, then pairs of a name and a value, each ended by NUL. It leaves no process, and its
# own names begin with __runnel. Whatever the profile may have set must not change what it prints: it
# looks at the options before it turns off those that would.
builtin printf '%s\0' "$1" status "$3" last "$4" pipeline "$5" debug "$6" flags "$-"
builtin printf 'options\0'
builtin set +o
builtin printf '\0shopt\0'
builtin shopt -p
builtin printf '\0'
builtin set +e +f +u +C +v +x
builtin set +o posix
builtin shopt -u failglob nullglob nocasematch extdebug

__runnel_part=("${@:7}")
builtin printf '%s\0' arguments "${__runnel_part[*]@Q}" background "$!" random "$RANDOM $RANDOM"
for __runnel_part in 'jobs -l' 'trap -p' 'dirs -l -p' 'enable -n' 'alias -p' 'complete -p' umask; do
  builtin printf '%s\0' "${__runnel_part%% *}"
  builtin ${__runnel_part} 2>/dev/null
  builtin printf '\0'
done

__runnel_part=(/proc/$$/fd/*)
for __runnel_name in 0 1 2; do
  for __runnel_other in /dev/null /proc/$$/fd/{0,1,2}; do
    if [[ /proc/$$/fd/$__runnel_name -ef $__runnel_other ]]; then
      __runnel_part+=("$__runnel_name=${__runnel_other##*/}")
    fi
  done
done
builtin printf '%s\0' descriptors "${__runnel_part[*]##*/}"

until [[ -e $2 ]]; do :; done
# Not u: the service counts processes, and its limit of them is another for each start.
for __runnel_name in c d e f i l m n q r s t v x; do
  builtin printf 'ulimit %s\0' "$__runnel_name"
  builtin ulimit -S -"$__runnel_name" 2>/dev/null
  # The service takes the hard limit of core files away from every process, or tries to.
  if [[ $__runnel_name != c ]]; then
    builtin ulimit -H -"$__runnel_name" 2>/dev/null
  fi
  builtin printf '\0'
done
for __runnel_name in limits cgroup oom_score_adj; do
  builtin mapfile -t __runnel_part 2>/dev/null </proc/$$/"$__runnel_name"
  __runnel_part=("${__runnel_part[@]/#Max core*/}")
  __runnel_part=("${__runnel_part[@]/#Max processes*/}")
  builtin printf '%s\0' "kernel $__runnel_name" "${__runnel_part[*]}"
done
builtin read -r -a __runnel_part </proc/$$/stat
builtin printf '%s\0' 'kernel priority' "${__runnel_part[*]:17:2} ${__runnel_part[*]:39:2}"
while builtin read -r __runnel_name __runnel_part; do
  case $__runnel_name in
    Uid: | Gid: | Groups: | SigBlk: | SigIgn: | Cap* | NoNewPrivs: | Seccomp: | Cpus_allowed:)
      builtin printf '%s\0' "kernel $__runnel_name" "$__runnel_part" ;;
  esac
done </proc/$$/status

# No here-documents: a limit of file sizes would hold for them.
builtin printf 'variable IFS\0'
builtin declare -p IFS 2>/dev/null
builtin printf '\0'
IFS=$'\n'
builtin set -f
for __runnel_name in $(builtin compgen -A function); do
  builtin printf '%s\0' "function $__runnel_name"
  builtin declare -f -- "$__runnel_name"
  builtin printf '\0%s\0' "attributes $__runnel_name"
  builtin declare -pF -- "$__runnel_name"
  builtin printf '\0'
done
for __runnel_name in $(builtin compgen -A variable; builtin declare -p); do
  case $__runnel_name in
    __runnel* | IFS | *=*) ;;
    declare\ -* | [A-Za-z_]*)
      # Those without a value show in declare only.
      __runnel_name=${__runnel_name##* }
      builtin printf '%s\0' "variable $__runnel_name"
      builtin declare -p -- "$__runnel_name" 2>/dev/null
      builtin printf '\0' ;;
  esac
done
builtin printf 'end\0\0'
builtin exit 0
