# Types $2 and a tab into an interactive zsh that has loaded the script $1, and
# prints what it completes, each behind a ">".
zmodload zsh/zpty
zpty -b shell zsh -f -i
zpty -w shell "PS1= PS2=; autoload -Uz compinit; compinit -u -D; source $1"
# compadd takes what is offered; with -O, -A or -D it only sorts candidates.
zpty -w shell 'setopt extendedglob; compadd() { local word; local -a hits; for word; do [[ $word == (-|--) ]] && break; [[ $word == -[a-zA-Z0-9]#[OAD] ]] && { builtin compadd "$@"; return }; done; builtin compadd -A hits "$@"; print -rl -- ">"$^hits; builtin compadd "$@" }'
zpty -w shell 'finish() { print -r -- "<end>" }; comppostfuncs=(finish); bindkey "^I" complete-word; print -r -- "<rea""dy>"'
zpty -r shell text '*<ready>*'
zpty -n -w shell "$2"$'\t'
zpty -r shell text '*<end>*'
print -r -- "$text"
zpty -d shell
