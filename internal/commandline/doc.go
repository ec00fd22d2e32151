// Package commandline owns what a command line is: commands and their flags as
// tables, the one notation that all of them read, the help, the completions of
// three shells and the guess at what a misspelt name meant, all derived from
// those tables. It imports nothing of this project; internal/config brings the
// flags of the configuration, cmd/server the commands.
package commandline
