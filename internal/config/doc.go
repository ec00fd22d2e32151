// Package config owns what an operator may set: the names, the defaults, the
// sources and the refusals. Flags win over the environment, the environment
// over the YAML file, the file over the defaults. Every key is one row of one
// table (keys.go), and everything else here - flag, variable and YAML names,
// --help, the start-up line - is derived from it.
//
// All faults of all sources are reported at once, by name, and no text that
// leaves the package holds a secret. It imports the endpoint options (for the
// list of Kakao hosts) and the secret type, and nothing else of this project.
package config
