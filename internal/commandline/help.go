package commandline

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"

	"github.com/kakaorpc/kakaorpc/internal/spelling"
)

// page is a text for people that is being written.
type page struct {
	text  strings.Builder
	width int
}

func (p *page) line(format string, args ...any) {
	p.text.WriteString(strings.TrimRight(fmt.Sprintf(format, args...), " ") + "\n")
}

// wrapped writes a text, every line of it behind an indent.
func (p *page) wrapped(indent int, text string) { p.hanging(strings.Repeat(" ", indent), text) }

// hanging writes a text whose first line has a label in front of it.
func (p *page) hanging(label, text string) {
	for i, line := range Wrap(text, p.width-len(label)) {
		if i == 1 {
			label = strings.Repeat(" ", len(label))
		}
		p.line("%s%s", label, line)
	}
}

func (p *page) print(w io.Writer) error {
	_, err := io.WriteString(w, p.text.String())
	return err
}

// Overview writes what there is: the commands and the topics of the flags.
func (p Program) Overview(w io.Writer, width int) error {
	page := &page{width: width}
	p.overview(page)
	page.line("")
	page.wrapped(0, fmt.Sprintf("All flags at once: %s --help", p.Name))
	return page.print(w)
}

// Everything writes the overview and every flag.
func (p Program) Everything(w io.Writer, width int) error {
	page := &page{width: width}
	p.overview(page)
	p.topics(page)
	return page.print(w)
}

func (p Program) overview(page *page) {
	page.wrapped(0, p.About)
	page.line("")
	page.line("Usage: %s [COMMAND] [--FLAG VALUE ...]", p.Name)
	page.line("")
	page.line("Commands:")
	labels := make([]string, 0, len(p.Commands))
	for _, command := range p.Commands {
		labels = append(labels, command.Name)
	}
	for i, label := range aligned(labels) {
		about := p.Commands[i].About
		if i == 0 {
			about += " (the default)"
		}
		page.hanging(label, about)
	}
	page.line("")
	page.line("Topics of the configuration:")
	labels = labels[:0]
	for _, topic := range p.Topics {
		labels = append(labels, topic.Name)
	}
	for i, label := range aligned(labels) {
		page.hanging(label, p.Topics[i].Title)
	}
	page.line("")
	page.wrapped(0, p.Name+" help WORD explains a command, a topic, a flag or a variable.")
}

// aligned makes labels of one width.
func aligned(labels []string) []string {
	widest := 0
	for _, label := range labels {
		widest = max(widest, len(label))
	}
	padded := make([]string, 0, len(labels))
	for _, label := range labels {
		padded = append(padded, fmt.Sprintf("  %-*s  ", widest, label))
	}
	return padded
}

// Help explains one word: a command, a topic, a flag or an environment
// variable. The error says that it is none of them, and what it may have meant.
func (p Program) Help(w io.Writer, width int, word string) error {
	page := &page{width: width}
	if command, ok := p.find(word); ok {
		p.explain(page, command)
		return page.print(w)
	}
	bare := strings.TrimLeft(word, "-")
	for _, topic := range p.Topics {
		if topic.Name == word || slices.Contains(topic.Also, word) {
			page.topic(topic)
			return page.print(w)
		}
		for _, flag := range topic.Flags {
			if bare == flag.Name || bare == flag.Instance || word == flag.Variable || strings.ReplaceAll(bare, "-", "_") == flag.Name {
				page.flags([]Flag{flag})
				return page.print(w)
			}
		}
	}
	if p.under(page, word) {
		return page.print(w)
	}
	return fmt.Errorf("there is no such command, topic or flag%s", spelling.DidYouMean(word, p.words()))
}

// under writes the flags whose names, or variables, begin with a section (grpc,
// deadline.read), and says of which topic they are; ok is false if there are none.
func (p Program) under(page *page, section string) (ok bool) {
	name := strings.ReplaceAll(strings.Trim(section, "-."), "-", "_") + "."
	variable := strings.TrimSuffix(section, "_") + "_"
	for _, topic := range p.Topics {
		var flags []Flag
		for _, flag := range topic.Flags {
			if strings.HasPrefix(flag.Name, name) || strings.HasPrefix(flag.Instance, name) || strings.HasPrefix(flag.Variable, variable) {
				flags = append(flags, flag)
			}
		}
		if len(flags) == 0 {
			continue
		}
		if ok {
			page.line("")
		}
		page.wrapped(0, fmt.Sprintf("These are of the topic %s; %s help %s has all of it.", topic.Name, p.Name, topic.Name))
		page.line("")
		page.flags(flags)
		ok = true
	}
	return ok
}

// words are all that Help explains.
func (p Program) words() []string {
	words := p.HelpWords()
	for _, topic := range p.Topics {
		for _, flag := range topic.Flags {
			words = append(words, flag.Name, flag.Variable)
		}
	}
	return words
}

// HelpWords are the commands and topics that Help explains.
func (p Program) HelpWords() []string {
	var words []string
	for _, command := range p.Commands {
		words = append(words, command.Name)
	}
	for _, topic := range p.Topics {
		words = append(words, topic.Name)
	}
	slices.Sort(words)
	return slices.Compact(words)
}

// explain writes the help of a command.
func (p Program) explain(page *page, command Command) {
	usage := []string{p.Name, command.Name}
	if argument := command.Argument; argument.Required {
		usage = append(usage, argument.Name)
	} else if argument.Name != "" {
		usage = append(usage, "["+argument.Name+"]")
	}
	if len(command.Flags) > 0 || command.Configured {
		usage = append(usage, "[--FLAG VALUE ...]")
	}
	page.hanging(p.Name+" "+command.Name+": ", command.About)
	page.line("")
	page.line("Usage: %s", strings.Join(usage, " "))
	for _, paragraph := range command.Text {
		page.line("")
		page.wrapped(0, paragraph)
	}
	if values := command.Argument.Values; len(values) > 0 {
		page.line("")
		page.hanging(command.Argument.Name+": ", strings.Join(values, ", "))
	}
	if len(command.Flags) > 0 {
		page.line("")
		page.line("Flags:")
		page.line("")
		page.flags(command.Flags)
	}
	if len(command.Examples) > 0 {
		page.line("")
		page.line("Examples:")
		page.line("")
		for _, example := range command.Examples {
			page.line("  %s", example)
		}
	}
	switch {
	case command.Configured && command.Name == p.Commands[0].Name:
		p.topics(page)
	case command.Configured:
		page.line("")
		page.wrapped(0, fmt.Sprintf("It takes every flag of the configuration as well: %s help %s lists them.", p.Name, p.Commands[0].Name))
	}
}

func (p Program) topics(page *page) {
	for _, topic := range p.Topics {
		page.line("")
		page.topic(topic)
	}
}

func (p *page) topic(topic Topic) {
	p.line("%s", strings.ToUpper(topic.Title))
	for _, paragraph := range strings.Split(topic.Text, "\n\n") {
		if paragraph != "" {
			p.line("")
			p.wrapped(0, paragraph)
		}
	}
	if len(topic.Flags) > 0 {
		p.line("")
		p.flags(topic.Flags)
	}
}

// flags writes an entry for each flag: the flag with its variable beside it,
// what it is for, and what its value may be.
func (p *page) flags(flags []Flag) {
	const between = 2
	heads, column := make([]string, 0, len(flags)), 0
	for _, flag := range flags {
		heads = append(heads, flag.head())
		column = max(column, len(heads[len(heads)-1])+between)
	}
	for i, flag := range flags {
		switch {
		case flag.Variable == "":
			p.line("  %s", heads[i])
		case 2+column+len(flag.Variable) <= p.width:
			p.line("  %-*s%s", column, heads[i], flag.Variable)
		default:
			p.line("  %s", heads[i])
			p.line("      %s", flag.Variable)
		}
		p.wrapped(6, sentence(flag.Doc))
		if facts := flag.facts(); facts != "" {
			p.wrapped(6, sentence(facts))
		}
	}
}

// head is a flag as it is written, with what stands for its value.
func (f Flag) head() string {
	switch {
	case f.Secret:
		return "(no flag) " + f.Name
	case f.Bare || f.Value == "":
		return "--" + f.Name
	}
	return "--" + f.Name + " " + f.Value
}

// facts are what there is to know of the value.
func (f Flag) facts() string {
	var facts []string
	if f.Default != "" {
		facts = append(facts, "default "+f.Default)
	}
	if f.Limits != "" {
		facts = append(facts, f.Limits)
	}
	if f.Change != "" {
		facts = append(facts, f.Change)
	}
	return strings.Join(facts, "; ")
}

// sentence gives a text its capital and full stop.
func sentence(text string) string {
	for i, r := range text {
		if i == 0 {
			text = string(unicode.ToUpper(r)) + text[len(string(r)):]
		}
	}
	if text == "" || strings.ContainsAny(text[len(text)-1:], ".?!") {
		return text
	}
	return text + "."
}
