package config

import (
	"fmt"
	"io"
	"text/tabwriter"
)

// Help writes every key with its flag, its variable, its default and what it
// is for.
func Help(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	row := func(flag, variable, fallback, doc string) {
		_, _ = fmt.Fprintln(table, flag+"\t"+variable+"\t"+fallback+"\t"+doc)
	}
	row("FLAG (YAML: without --)", "ENVIRONMENT", "DEFAULT", "")
	row("--"+string(configKey), configKey.variable(), "", "YAML file; flags win over the environment, the environment over the file")
	for _, k := range staticKeys() {
		row("--"+string(k.name), k.name.variable(), k.fallback, k.doc)
	}
	for _, k := range keysOfApp("<name>") {
		flag := "--" + string(k.name)
		if k.secret {
			flag = "(no flag) " + string(k.name)
		}
		row(flag, prefix+"APPS_<NAME>"+k.name.variable()[len(prefix+"APPS_<NAME>"):], "", k.doc)
	}
	return table.Flush()
}
