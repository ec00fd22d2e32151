package korea

import (
	"fmt"
	"io/fs"
	"strconv"
	"strings"
)

// none is how a data file writes an empty column, so that a person sees it.
const none = "-"

// row is one line of a tab-separated data file, its columns found by name.
type row struct {
	file    string
	line    int
	columns map[string]int
	fields  []string
}

// readRows reads a data file: blank lines and lines that begin with # are left out, the
// first other line names the columns, and every further line is a row of that
// many columns.
func readRows(files fs.FS, file string, columns ...string) ([]row, error) {
	content, err := fs.ReadFile(files, file)
	if err != nil {
		return nil, err
	}
	var rows []row
	var index map[string]int
	line := 0
	for text := range strings.Lines(string(content)) {
		line++
		text = strings.TrimRight(text, "\r\n")
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		fields := strings.Split(text, "\t")
		if index == nil {
			if strings.Join(fields, " ") != strings.Join(columns, " ") {
				return nil, fmt.Errorf("%s:%d: columns are %q, want %q", file, line, fields, columns)
			}
			index = make(map[string]int, len(columns))
			for i, name := range columns {
				index[name] = i
			}
			continue
		}
		if len(fields) != len(columns) {
			return nil, fmt.Errorf("%s:%d: %d columns, want %d (%s)", file, line, len(fields), len(columns), strings.Join(columns, ", "))
		}
		rows = append(rows, row{file: file, line: line, columns: index, fields: fields})
	}
	if len(rows) == 0 {
		return nil, fmt.Errorf("%s: no rows", file)
	}
	return rows, nil
}

// text is a column's text, empty for "-".
func (r row) text(column string) string {
	if v := r.fields[r.columns[column]]; v != none {
		return v
	}
	return ""
}

// point reads the columns x and y, a WGS84 point in Korea.
func (r row) point() (Point, error) {
	p, err := parsePoint(r.text("x"), r.text("y"))
	if err != nil {
		return Point{}, r.errorf("%w", err)
	}
	return p, nil
}

// polygon reads an outline: "longitude latitude" pairs with commas between them, or
// nothing.
func (r row) polygon(column string) (polygon, error) {
	text := r.text(column)
	if text == "" {
		return nil, nil
	}
	var ring polygon
	for pair := range strings.SplitSeq(text, ",") {
		x, y, _ := strings.Cut(strings.TrimSpace(pair), " ")
		p, err := parsePoint(x, y)
		if err != nil {
			return nil, r.errorf("%s: %w", column, err)
		}
		ring = append(ring, p)
	}
	if len(ring) < 3 {
		return nil, r.errorf("%s has %d corners, want at least 3", column, len(ring))
	}
	return ring, nil
}

func (r row) errorf(format string, args ...any) error {
	return fmt.Errorf("%s:%d: %w", r.file, r.line, fmt.Errorf(format, args...))
}

func parsePoint(x, y string) (Point, error) {
	var p Point
	var err error
	if p.X, err = strconv.ParseFloat(x, 64); err == nil {
		p.Y, err = strconv.ParseFloat(y, 64)
	}
	if err != nil {
		return Point{}, fmt.Errorf("%q %q is not a longitude and a latitude", x, y)
	}
	if !InKorea(p) {
		return Point{}, fmt.Errorf("%v, %v is not in Korea; longitude comes first", p.X, p.Y)
	}
	return p, nil
}

// digits says whether s is made of n decimal digits.
func digits(s string, n int) bool {
	return len(s) == n && strings.Trim(s, "0123456789") == ""
}
