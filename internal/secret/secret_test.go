package secret_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/kakaorpc/kakaorpc/internal/secret"
)

// TestNothingPrintsTheText catches a notation that reaches the text: a verb
// without Format, a struct around the value, a log handler, an encoder.
func TestNothingPrintsTheText(t *testing.T) {
	const text = "7e577e577e577e577e577e577e57ffff"
	type config struct {
		Key  secret.Value
		Keys map[string]*secret.Value
	}
	value := secret.New(text)
	wrapped := config{Key: value, Keys: map[string]*secret.Value{"a": &value}}

	var printed bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%T"} {
		fmt.Fprintf(&printed, verb+verb+verb, value, &value, wrapped)
	}
	encoded, err := json.Marshal(wrapped)
	if err != nil {
		t.Fatal(err)
	}
	printed.Write(encoded)
	slog.New(slog.NewJSONHandler(&printed, nil)).Info("start", "key", value, "config", wrapped)
	slog.New(slog.NewTextHandler(&printed, nil)).Info("start", "key", value, "config", wrapped)

	got := strings.ToLower(printed.String())
	for _, forbidden := range []string{text, hex.EncodeToString([]byte(text))} {
		if strings.Contains(got, forbidden) {
			t.Errorf("printed text holds the secret %q:\n%s", forbidden, got)
		}
	}
	if !strings.Contains(got, secret.Redacted) {
		t.Errorf("nothing was printed as %s:\n%s", secret.Redacted, got)
	}
}

func TestZeroValueIsVisible(t *testing.T) {
	var none secret.Value
	if got := fmt.Sprintf("%v|%s", none, none); got != "|" || !none.IsZero() {
		t.Errorf("zero value prints %q", got)
	}
	if value := secret.New("x"); value.Reveal() != "x" || value.IsZero() {
		t.Error("Reveal lost the text")
	}
}
