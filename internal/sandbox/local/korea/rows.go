package korea

import (
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
)

// none is how a data file writes an empty column, so that a person sees it.
const none = "-"

// row is one line of a tab-separated data file, its columns found by name.
type row struct {
	file    string
	line    int
	columns []string
	fields  []string
	unknown string // the first column that was asked for and does not exist
}

// eachRow reads a data file and gives its rows to read, one by one, up to the
// first error. Blank lines and lines that begin with # are left out, the first
// other line names the columns, and every further line is a row of that many
// columns. It is an error too when read asks a row for any other column.
func eachRow(files fs.FS, file string, columns []string, read func(*row) error) error {
	content, err := fs.ReadFile(files, file)
	if err != nil {
		return err
	}
	rows, line := 0, 0
	named := false
	for text := range strings.Lines(string(content)) {
		line++
		text = strings.TrimRight(text, "\r\n")
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		r := &row{file: file, line: line, columns: columns, fields: strings.Split(text, "\t")}
		if !named {
			if !slices.Equal(r.fields, columns) {
				return r.errorf("columns are %q, want %q", r.fields, columns)
			}
			named = true
			continue
		}
		if len(r.fields) != len(columns) {
			return r.errorf("%d columns, want %d (%s)", len(r.fields), len(columns), strings.Join(columns, ", "))
		}
		err := read(r)
		if r.unknown != "" {
			return r.errorf("no column %q, there are %s", r.unknown, strings.Join(columns, ", "))
		}
		if err != nil {
			return err
		}
		rows++
	}
	if rows == 0 {
		return fmt.Errorf("%s: no rows", file)
	}
	return nil
}

// text is a column's text, empty for "-". A column that does not exist has none,
// and fails the file (eachRow).
func (r *row) text(column string) string {
	i := slices.Index(r.columns, column)
	if i < 0 {
		r.unknown = column
		return ""
	}
	if r.fields[i] == none {
		return ""
	}
	return r.fields[i]
}

// point reads the columns x and y, a WGS84 point in Korea.
func (r *row) point() (Point, error) {
	p, err := parsePoint(r.text("x"), r.text("y"))
	if err != nil {
		return Point{}, r.errorf("%w", err)
	}
	return p, nil
}

// roadNumber reads the columns road and number; nil when both are empty.
func (r *row) roadNumber() (*roadNumber, error) {
	road, number := r.text("road"), r.text("number")
	if road == "" && number == "" {
		return nil, nil
	}
	parsed, err := parseRoadNumber(road, number)
	if err != nil {
		return nil, r.errorf("%w", err)
	}
	return parsed, nil
}

// polygon reads an outline: "longitude latitude" pairs with commas between them, or
// nothing.
func (r *row) polygon(column string) (polygon, error) {
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

func (r *row) errorf(format string, args ...any) error {
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
