package commandline

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
)

var brew = Command{
	Name: "brew", About: "make coffee", Text: []string{"It makes one cup."},
	Flags: []Flag{
		{Name: "size", Value: "small|large", Values: []string{"small", "large"}, Default: "small", Doc: "size of the cup"},
		{Name: "milk_file", Value: "FILE", File: true, Doc: "file with the milk; it is read twice"},
		{Name: "sugar", Bare: true, Doc: "sweeten it"},
		{Name: "minutes", Value: "NUMBER", Doc: "how long"},
	},
	Argument: Argument{Name: "BEAN", Values: []string{"arabica", "robusta"}},
}

func TestParse(t *testing.T) {
	for _, row := range []struct {
		args string
		want string // flags and argument, or the faults
	}{
		{"", "small  false ''"},
		{"--size large robusta", "large  false 'robusta'"},
		{"robusta --size=large --sugar", "large  true 'robusta'"},
		{"-sugar arabica", "small  true 'arabica'"},
		{"--sugar false --milk-file ./m", "small ./m false ''"},
		{"--sugar=true --milk_file=./m", "small ./m true ''"},
		{"--size=lrge --sugr --minutes", "--size: want one of small, large; did you mean large?|--sugr: brew has no such flag; did you mean --sugar?|--minutes: has no value; want NUMBER"},
		{"arabca x", "BEAN: want one of arabica, robusta; did you mean arabica?|argument 2 of brew is too much"},
		{"--sugar=ye", "--sugar: want one of true, false"},
		{"--minutes --size small", "--minutes: has no value; want NUMBER"},
		{"--sise:7e577e57", "--sise...: brew has no such flag; did you mean --size?"},
		{"--size -1", "--size: want one of small, large"},
	} {
		values, err := Parse(brew, strings.Fields(row.args))
		got := fmt.Sprintf("%s %s %t '%s'", values.Flags["size"], values.Flags["milk_file"], values.On("sugar"), values.Argument)
		if err != nil {
			got = strings.ReplaceAll(err.Error(), "\n", "|")
		}
		if got != row.want {
			t.Errorf("%q:\n got %s\nwant %s", row.args, got, row.want)
		}
	}
	if _, err := Parse(Command{Name: "sit"}, []string{"down", "here"}); err == nil || err.Error() != "sit takes no arguments" {
		t.Errorf("a command without arguments: %v", err)
	}
	for _, args := range []string{"--help", "-h", "--size=none --help", "x y --help"} {
		if _, err := Parse(brew, strings.Fields(args)); !errors.Is(err, ErrHelp) {
			t.Errorf("%q: %v", args, err)
		}
	}
}

// TestPagesKeepTheirWidth holds that no line but an unbreakable one is longer
// than the page, and that everything is there at every width.
func TestPagesKeepTheirWidth(t *testing.T) {
	p := Program{Name: "cafe", About: "A café in a box that does rather a lot for its size and price.", Commands: []Command{brew}, Topics: []Topic{{
		Name: "water", Also: []string{"drink"}, Title: "Water", Text: "It has to be hot.\n\nVery hot, as everybody knows who has ever made a good cup.",
		Flags: []Flag{{Name: "water.temperature", Value: "DEGREES", Variable: "CAFE_WATER_TEMPERATURE", Doc: "temperature of the water", Default: "93", Limits: "from 80 to 96", Change: "restart to change"}},
	}}}
	p.Commands[0].Configured = true
	for _, width := range []int{40, 60, 80, 110} {
		var text bytes.Buffer
		if err := p.Everything(&text, width); err != nil {
			t.Fatal(err)
		}
		if err := p.Help(&text, width, "brew"); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(text.String()) {
			if len(line)-1 > width && !strings.HasPrefix(line, "Usage: ") && strings.Count(strings.TrimSpace(line), " ") > 3 {
				t.Errorf("width %d: %d columns: %s", width, len(line)-1, line)
			}
			if strings.HasSuffix(line, " \n") {
				t.Errorf("width %d: a blank at the end of %q", width, line)
			}
		}
		whole := strings.Join(strings.Fields(text.String()), " ")
		for _, part := range []string{
			"brew make coffee (the default)", "--water.temperature DEGREES CAFE_WATER_TEMPERATURE Temperature of the water. Default 93; from 80 to 96; restart to change.",
			"Usage: cafe brew [BEAN] [--FLAG VALUE ...]", "--sugar Sweeten it.", "BEAN: arabica, robusta", "WATER It has to be hot. Very hot,",
		} {
			if !strings.Contains(whole, part) {
				t.Errorf("width %d: no %q in\n%s", width, part, text.String())
			}
		}
	}
	for _, word := range []string{"water.temp", "water.", "--water", "CAFE_WATER", "drink"} {
		var text bytes.Buffer
		err := p.Help(&text, 80, word)
		if found := err == nil && strings.Contains(text.String(), "--water.temperature"); found != (word != "water.temp") {
			t.Errorf("%s: %v\n%s", word, err, text.String())
		}
	}
	var text bytes.Buffer
	if err := p.Help(&text, 80, "watr"); err == nil || !strings.Contains(err.Error(), "did you mean water?") {
		t.Errorf("watr: %v", err)
	}
}

func TestWidth(t *testing.T) {
	for _, row := range []struct {
		environ []string
		want    int
	}{
		{nil, 80}, {[]string{"COLUMNS=100"}, 100}, {[]string{"COLUMNS=500"}, 110}, {[]string{"COLUMNS=7"}, 40}, {[]string{"COLUMNS=x"}, 80}, {[]string{"COLUMNS="}, 80},
	} {
		if got := Width(&bytes.Buffer{}, row.environ); got != row.want {
			t.Errorf("%q: %d, want %d", row.environ, got, row.want)
		}
	}
}

// TestQuotesInDocsDoNotEndAScript: what people write in a doc is no code.
func TestQuotesInDocsDoNotEndAScript(t *testing.T) {
	p := Program{Name: "cafe", Commands: []Command{{Name: "brew", About: "the barista's [own]: $(boom)", Flags: []Flag{{Name: "x", Value: "A[b]:c", Doc: `it's a \ [thing] $(boom) "quoted"`}}}}}
	for shell, parts := range map[string][]string{
		"bash": {"'brew'"},
		"zsh":  {`'brew:the barista'\''s [own]: $(boom)'`, `'*--x=[it'\''s a \\ \[thing\] $(boom) "quoted"]:A\[b\]\:c:()'`},
		"fish": {`'the barista\'s [own]: $(boom)'`, `'it\'s a \\ [thing] $(boom) "quoted"'`},
	} {
		script := p.Completion(shell, "cafe")
		for _, part := range parts {
			if !strings.Contains(script, part) {
				t.Errorf("%s lacks %s:\n%s", shell, part, script)
			}
		}
	}
}
