package site

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// languages are those of the site; the first is for everybody else.
var languages = []string{"en", "ko"}

// languageCookie keeps the language that was picked.
const languageCookie = "kakaorpc_language"

// languageOf is the language for a request: the one that was picked, else the
// one that the browser likes best.
func languageOf(r *http.Request) string {
	if picked, err := r.Cookie(languageCookie); err == nil && slices.Contains(languages, picked.Value) {
		return picked.Value
	}
	best, weight := languages[0], 0.0
	for part := range strings.SplitSeq(strings.Join(r.Header.Values("Accept-Language"), ","), ",") {
		tag, parameters, _ := strings.Cut(strings.TrimSpace(part), ";")
		primary, _, _ := strings.Cut(strings.ToLower(tag), "-")
		if q := quality(parameters); slices.Contains(languages, primary) && q > weight {
			best, weight = primary, q
		}
	}
	return best
}

// quality is the weight of a choice in an Accept header, 1 if it has none.
// https://www.rfc-editor.org/rfc/rfc9110#name-quality-values
func quality(parameters string) float64 {
	value, weighted := strings.CutPrefix(strings.ReplaceAll(parameters, " ", ""), "q=")
	if !weighted {
		return 1
	}
	q, err := strconv.ParseFloat(value, 64)
	if err != nil {
		return 0
	}
	return q
}

// pick answers a request that picks a language: it is kept for a year, and the
// address loses the parameter. It reports whether there was one.
func pick(w http.ResponseWriter, r *http.Request) bool {
	language := r.URL.Query().Get("language")
	if !slices.Contains(languages, language) {
		return false
	}
	http.SetCookie(w, &http.Cookie{ //nolint:gosec // it is no secret, and Secure would keep it from plain http on loopback
		Name: languageCookie, Value: language, Path: "/", MaxAge: 365 * 24 * 60 * 60, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
	http.Redirect(w, r, r.URL.Path, http.StatusSeeOther) // #nosec G710 -- the path is one of the routes
	return true
}

// wantsHTML reports whether a browser asks. Programs say */*, or nothing.
func wantsHTML(r *http.Request) bool {
	for part := range strings.SplitSeq(strings.Join(r.Header.Values("Accept"), ","), ",") {
		media, parameters, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.EqualFold(strings.TrimSpace(media), "text/html") && quality(parameters) > 0 {
			return true
		}
	}
	return false
}
