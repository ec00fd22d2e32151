package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/commandline"
	"github.com/kakaorpc/kakaorpc/internal/config"
	"github.com/kakaorpc/kakaorpc/internal/preflight"
)

// report is what server check found.
type report struct {
	// Good says that the server takes the configuration.
	Good bool `json:"good"`
	// Faults are what it does not take, Warnings what it does.
	Faults   []config.Fault `json:"faults,omitempty"`
	Warnings []config.Fault `json:"warnings,omitempty"`
	// Missing is what cannot be done for want of a key.
	Missing []string `json:"missing,omitempty"`
	// Settings are the keys in force, where that was asked for.
	Settings []config.Setting `json:"settings,omitempty"`
	// Hosts are how the Kakao hosts were reached, where that was asked for.
	Hosts []preflight.Answer `json:"hosts,omitempty"`
	// Asked says that the hosts were to be reached.
	Asked bool `json:"-"`
}

// reports are how a report is printed, for a width.
var reports = map[string]func(io.Writer, report, int) error{"text": reportAsText, "json": reportAsJSON}

func reportAsJSON(w io.Writer, r report, _ int) error {
	return encodeJSON(w, r)
}

func reportAsText(w io.Writer, r report, width int) error {
	page := text{}
	list := func(title string, lines []string) {
		if len(lines) == 0 {
			return
		}
		page.line("")
		page.line("%s", title)
		for _, line := range lines {
			page.item(line, width)
		}
	}
	if r.Good {
		page.line("The configuration is good.")
	} else {
		page.line("The configuration is refused.")
	}
	list("Wrong:", lines(r.Faults))
	list("Worth knowing:", lines(r.Warnings))
	list("Not configured:", r.Missing)
	page.settings(r.Settings)
	var hosts []string
	for _, host := range r.Hosts {
		hosts = append(hosts, hostLine(host))
	}
	list("Kakao's hosts:", hosts)
	switch {
	case !r.Asked || len(r.Hosts) > 0:
	case !r.Good:
		list("Kakao's hosts:", []string{"not asked, because the configuration is refused"})
	default:
		list("Kakao's hosts:", []string{"the sandbox stands in place of them; there is nothing to reach"})
	}
	return page.print(w)
}

func lines(faults []config.Fault) []string {
	all := make([]string, 0, len(faults))
	for _, fault := range faults {
		all = append(all, fault.String())
	}
	return all
}

// item is a line of a list, wrapped behind its mark.
func (t *text) item(line string, width int) {
	mark := "  - "
	for _, part := range commandline.Wrap(line, width-len(mark)) {
		t.line("%s%s", mark, part)
		mark = "    "
	}
}

// settings is the table of the keys in force.
func (t *text) settings(settings []config.Setting) {
	if len(settings) == 0 {
		return
	}
	t.line("")
	t.line("In force:")
	columns := tabwriter.NewWriter(t, 0, 0, 2, ' ', 0)
	for _, s := range settings {
		_, _ = fmt.Fprintf(columns, "  %s\t%s\t%s\n", s.Key, s.Value, s.Origin)
	}
	_ = columns.Flush() // into a string
}

// hostLine says how a host was reached, or why it was not.
func hostLine(host preflight.Answer) string {
	name := strings.Join(host.Hosts, ", ")
	if host.URL != "https://"+name {
		name += " at " + host.URL
	}
	var facts []string
	add := func(format string, args ...any) { facts = append(facts, fmt.Sprintf(format, args...)) }
	if host.Proxy != "" {
		add("by the proxy %s", host.Proxy)
	}
	if host.Address != "" {
		add("%s", host.Address)
	}
	switch {
	case host.TLS != "":
		add("%s", host.TLS)
	case host.Fault == "":
		add("no TLS")
	}
	if host.CertificateUntil != nil {
		add("certificate until %s", host.CertificateUntil.Format(time.DateOnly))
	}
	if host.Fault != "" {
		facts = append(facts, fmt.Sprintf("after %d ms", host.Milliseconds))
		return fmt.Sprintf("%s: NOT REACHED: %s; %s", name, host.Fault, strings.Join(facts, ", "))
	}
	return fmt.Sprintf("%s: reached, HTTP %d in %d ms; %s", name, host.HTTPStatus, host.Milliseconds, strings.Join(facts, ", "))
}
