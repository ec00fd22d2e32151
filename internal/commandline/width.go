package commandline

import (
	"io"
	"os"
	"strconv"
	"strings"

	"golang.org/x/term"
)

// Widths of a page, in columns.
const (
	// usualWidth is that of a page that goes to no terminal.
	usualWidth = 80
	// leastWidth is what words are wrapped to in an even narrower terminal.
	leastWidth = 40
	// mostWidth keeps lines readable in a wide one.
	mostWidth = 110
)

// Width is the number of columns that a page may have: what COLUMNS says in the
// environment, else what the terminal behind out has, else 80.
func Width(out io.Writer, environ []string) int {
	for _, entry := range environ {
		if text, ok := strings.CutPrefix(entry, "COLUMNS="); ok {
			if columns, err := strconv.Atoi(text); err == nil && columns > 0 {
				return min(max(columns, leastWidth), mostWidth)
			}
		}
	}
	if file, ok := out.(*os.File); ok {
		if columns, _, err := term.GetSize(int(file.Fd())); err == nil && columns > 0 { // #nosec G115 -- a file descriptor
			return min(max(columns, leastWidth), mostWidth)
		}
	}
	return usualWidth
}

// Wrap breaks a text into lines of at most width columns, between words.
func Wrap(text string, width int) []string {
	var lines []string
	var line strings.Builder
	for _, word := range strings.Fields(text) {
		if line.Len() > 0 && line.Len()+1+len(word) > width {
			lines = append(lines, line.String())
			line.Reset()
		}
		if line.Len() > 0 {
			line.WriteByte(' ')
		}
		line.WriteString(word)
	}
	return append(lines, line.String())
}
