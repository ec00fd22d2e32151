// Package secret holds values that must not be printed: app keys, client
// secrets and user tokens. It imports nothing of this project.
package secret

import (
	"fmt"
	"log/slog"
)

// Redacted is what a secret prints as, in every notation.
const Redacted = "[redacted]"

// Value is a secret text. It prints as Redacted with every fmt verb, in slog,
// in JSON and in YAML; only Reveal gives the text. The zero value is "no
// secret" and prints as the empty string, so that a missing key is visible.
type Value struct{ text string }

// New wraps a secret text.
func New(text string) Value { return Value{text} }

// Reveal returns the text itself: for the one place that puts it on the wire,
// and for the scrubber that looks for it.
func (v Value) Reveal() string { return v.text }

// IsZero reports whether there is no secret.
func (v Value) IsZero() bool { return v.text == "" }

// String returns Redacted, or "" for the zero value.
func (v Value) String() string {
	if v.IsZero() {
		return ""
	}
	return Redacted
}

// Format implements fmt.Formatter, so that no verb (%x and %#v among them)
// reaches the text.
func (v Value) Format(state fmt.State, _ rune) { _, _ = state.Write([]byte(v.String())) }

// LogValue implements slog.LogValuer.
func (v Value) LogValue() slog.Value { return slog.StringValue(v.String()) }

// MarshalText implements encoding.TextMarshaler for JSON, YAML and flags.
func (v Value) MarshalText() ([]byte, error) { return []byte(v.String()), nil }
