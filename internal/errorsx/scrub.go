package errorsx

import (
	"net/url"
	"regexp"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"
)

// redacted stands where a secret was.
const redacted = "[redacted]"

// minSecret is the length in bytes below which a value is not taken for a
// secret: replacing it would only tear words apart. Kakao's keys have 32.
const minSecret = 8

// echoes are the forms in which Kakao repeats what it was sent, and what its
// keys and tokens look like. They back up the list of known secrets, which does
// not have an authorization code that another client sent, or an address.
var echoes = []struct {
	pattern     *regexp.Regexp
	replacement string
}{
	// wrong appKey(<key>) format, appKey(<key>) does not exist
	{regexp.MustCompile(`(?i)(app_?key)\s*\([^)]*\)`), "$1(" + redacted + ")"},
	// callerIp=<ip>, caller=<domain, key hash or bundle ID>
	{regexp.MustCompile(`(?i)\b(caller\w*)\s*=\s*[^\s,;]*[^\s,;.]`), "$1=" + redacted},
	// authorization code not found for code=<code>, app_key=, pushToken=, "access_token":
	{regexp.MustCompile(`(?i)\b(code|[a-z_]*key|[a-z_]*token|client_id|[a-z_]*secret|password)("?\s*[=:]\s*"?)[^\s,;&"'()\[\]{}]+`), "$1$2" + redacted},
	// Not exist client_id <key>
	{regexp.MustCompile(`(?i)(not exist client_id\s*\[?)\w+`), "$1" + redacted},
	// Bearer <token>, KakaoAK <key>
	{regexp.MustCompile(`(?i)\b(bearer|kakaoak)\s+[\w.~+/-]{16,}=*`), "$1 " + redacted},
	// ID tokens
	{regexp.MustCompile(`\beyJ[\w-]+\.[\w-]+(\.[\w-]*)?`), redacted},
	// app keys, and longer hexadecimal values
	{regexp.MustCompile(`[0-9a-fA-F]{32,}`), redacted},
	// access and refresh tokens (54 characters or more), authorization codes (86)
	{regexp.MustCompile(`[\w-]{48,}`), redacted},
}

// A scrubber cleans every text that came from outside before it is passed on.
type scrubber struct {
	secrets *strings.Replacer
}

func newScrubber(secrets []string) scrubber {
	forms := map[string]bool{}
	for _, secret := range secrets {
		for _, form := range []string{secret, url.QueryEscape(secret), url.PathEscape(secret)} {
			if len(form) >= minSecret && !strings.Contains(redacted, form) {
				forms[form] = true
			}
		}
	}
	sorted := make([]string, 0, len(forms))
	for form := range forms {
		sorted = append(sorted, form)
	}
	// The longest first: a secret may be the beginning of another.
	sort.Slice(sorted, func(i, j int) bool {
		if len(sorted[i]) != len(sorted[j]) {
			return len(sorted[i]) > len(sorted[j])
		}
		return sorted[i] < sorted[j]
	})
	pairs := make([]string, 0, 2*len(sorted))
	for _, form := range sorted {
		pairs = append(pairs, form, redacted)
	}
	return scrubber{strings.NewReplacer(pairs...)}
}

// text gives s without secrets, as one line of valid UTF-8 of at most limit
// bytes. Secrets go before anything is cut: half a secret is not found.
func (s scrubber) text(text string, limit int) string {
	text = s.secrets.Replace(printable(text))
	text = cut(text, 4*limit)
	for _, echo := range echoes {
		text = echo.pattern.ReplaceAllString(text, echo.replacement)
	}
	return cut(text, limit)
}

// printable replaces invalid UTF-8 and everything that could forge a line of a
// log. It replaces and does not drop: dropping could join the halves of a
// secret.
func printable(text string) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, text)
}

// cut shortens text to limit bytes at a rune's border and shows that it did.
func cut(text string, limit int) string {
	const ellipsis = "…"
	if len(text) <= limit {
		return text
	}
	end := max(limit-len(ellipsis), 0)
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + ellipsis
}
