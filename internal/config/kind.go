package config

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/secret"
)

// errBad says that a text is not of its kind; what would be right is said by
// the kind, and the text itself is never repeated: it may be a secret that
// strayed into the wrong variable.
var errBad = errors.New("bad value")

// kind is a sort of value: how it is read and what a right one looks like.
type kind[T any] struct {
	want  string
	parse func(text string) (T, error)
	show  func(T) string
	look
}

// look is what help and completion know of a kind.
type look struct {
	// unit stands for a value in the help.
	unit string
	// limits says from where to where it may go; "": it is free.
	limits string
	// values are all that there are, where there are only so many.
	values []string
	// file says that the value is the name of a file.
	file bool
}

var (
	addressKind = kind[string]{
		want:  "host:port or :port, with a port from 0 to 65535",
		parse: parseAddress,
		show:  plain,
		look:  look{unit: "ADDRESS"},
	}
	switchKind = kind[bool]{
		want: "true or false",
		parse: func(text string) (bool, error) {
			on, err := strconv.ParseBool(text) // 1 and 0 are known from other programs
			return on, unless(err == nil)
		},
		show: strconv.FormatBool,
		look: look{unit: "true|false", values: []string{"true", "false"}},
	}
	urlKind = kind[*url.URL]{
		want:  "an http:// or https:// URL with a host and without user, query and fragment",
		parse: parseBaseURL,
		show:  showURL,
		look:  look{unit: "URL"},
	}
	secretKind = kind[secret.Value]{
		want:  "a key of 1 to 512 visible ASCII characters",
		parse: parseSecret,
		show:  secret.Value.String,
		look:  look{unit: "KEY"},
	}
	pathKind = kind[string]{
		want:  "a file name with a / or a . in it, like /run/secrets/key or ./key, and not the file's content",
		parse: parsePath,
		show:  plain,
		look:  look{unit: "FILE", file: true},
	}
)

// durationKind takes a duration from least to a day.
func durationKind(least time.Duration) kind[time.Duration] {
	return kind[time.Duration]{
		want: fmt.Sprintf("a duration from %v to 24h, like %v or 1m30s", least, max(least, 5*time.Second)),
		parse: func(text string) (time.Duration, error) {
			d, err := time.ParseDuration(text)
			return d, unless(err == nil && d >= least && d <= 24*time.Hour)
		},
		show: showDuration,
		look: look{unit: "DURATION", limits: fmt.Sprintf("from %v to 24h", least)},
	}
}

// sizeUnits are the units of a size, the longest name first.
var sizeUnits = []struct {
	name  string
	bytes int64
}{{"MiB", 1 << 20}, {"KiB", 1 << 10}, {"B", 1}, {"", 1}}

// sizeKind takes a number of bytes from 1 KiB to most.
func sizeKind(most int64) kind[int64] {
	return kind[int64]{
		want: "a size from 1KiB to " + showSize(most) + ", like 512KiB, 4MiB or a number of bytes",
		parse: func(text string) (int64, error) {
			for _, unit := range sizeUnits {
				number, ok := strings.CutSuffix(text, unit.name)
				if !ok {
					continue
				}
				n, err := strconv.ParseInt(number, 10, 32)
				return n * unit.bytes, unless(err == nil && n >= 0 && n*unit.bytes >= 1<<10 && n*unit.bytes <= most)
			}
			return 0, errBad
		},
		show: showSize,
		look: look{unit: "SIZE", limits: "from 1KiB to " + showSize(most)},
	}
}

// choiceKind takes one of the names.
func choiceKind(names ...string) kind[string] {
	return kind[string]{
		want:  "one of " + strings.Join(names, ", "),
		parse: func(text string) (string, error) { return text, unless(slices.Contains(names, text)) },
		show:  plain,
		look:  look{unit: strings.Join(names, "|"), values: names},
	}
}

func unless(ok bool) error {
	if ok {
		return nil
	}
	return errBad
}

func plain(text string) string { return text }

func parseAddress(text string) (string, error) {
	_, port, err := net.SplitHostPort(text)
	if err != nil {
		return "", errBad
	}
	_, err = strconv.ParseUint(port, 10, 16)
	return text, unless(err == nil)
}

// parsePath refuses what may be a key in place of its file: file names are
// shown, in the log and in errors.
func parsePath(text string) (string, error) {
	const most = 1024
	odd := strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f })
	return text, unless(!odd && len(text) <= most && strings.ContainsAny(text, "/."))
}

func parseBaseURL(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" ||
		strings.HasSuffix(text, "#") || (u.Scheme != "http" && u.Scheme != "https") {
		return nil, errBad
	}
	u.Path = strings.TrimRight(u.Path, "/")
	u.RawPath = strings.TrimRight(u.RawPath, "/")
	return u, nil
}

func showURL(u *url.URL) string {
	if u == nil {
		return ""
	}
	return u.String()
}

func parseSecret(text string) (secret.Value, error) {
	visible := !strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' })
	return secret.New(text), unless(text != "" && len(text) <= 512 && visible)
}

// showDuration leaves out what is nothing: 5m, not 5m0s.
func showDuration(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

func showSize(n int64) string {
	for _, unit := range sizeUnits {
		if n%unit.bytes == 0 {
			return strconv.FormatInt(n/unit.bytes, 10) + unit.name
		}
	}
	return strconv.FormatInt(n, 10)
}
