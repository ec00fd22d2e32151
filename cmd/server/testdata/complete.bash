# Completes the words from $2 on by the script $1 and prints what it finds. A =
# is a word of its own, as readline splits a line.
source "$1"
shift
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
command=$(complete -p server)
command=${command#*-F }
"${command%% *}"
printf '>%s\n' "${COMPREPLY[@]}"
