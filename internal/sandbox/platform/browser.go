package platform

import (
	"cmp"
	"net/http"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/pages"
)

// RedirectReply sends the browser on, with an empty body.
func RedirectReply(location string) *Reply {
	answer := NewReply(http.StatusFound, "", nil)
	answer.Header.Set("Location", location)
	answer.Header.Set("Cache-Control", "no-store")
	return answer
}

// What pages may load and do, as Content-Security-Policy. Sign-in pages have no
// form-action: browsers apply it to the redirect back to the app too. They have
// no script either. ToolPolicy is for the sandbox's other pages.
const (
	signInPolicy = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'"
	ToolPolicy   = signInPolicy + "; script-src 'self'; connect-src 'self'; form-action 'self'"
)

// PageReply renders a view as a sign-in page. What goes wrong there is a fault of
// ours.
func PageReply(status int, frame pages.Frame, view pages.View) *Reply {
	body, err := pages.Render(frame, view)
	if err != nil {
		return NewReply(http.StatusInternalServerError, "text/plain;charset=UTF-8", []byte("sandbox "+err.Error()))
	}
	answer := NewReply(status, plainHTML, body)
	answer.Header.Set("Cache-Control", "no-store")
	answer.Header.Set("X-Frame-Options", "DENY")
	answer.Header.Set("Referrer-Policy", "same-origin") // with none at all, forms would not say that they are ours
	answer.Header.Set("X-Content-Type-Options", "nosniff")
	answer.Header.Set("Content-Security-Policy", signInPolicy)
	return answer
}

// The reader's choices are kept in cookies of the browser.
const (
	LanguageCookie = "sandbox_language"
	ThemeCookie    = "sandbox_theme"
)

// LanguageOf is the language that the reader has chosen, or that the browser asks
// for.
func LanguageOf(r *http.Request) pages.Language {
	return pages.LanguageOf(CookieText(r, LanguageCookie), r.Header.Get("Accept-Language"))
}

// CookieText is the text of a cookie; empty if the browser sent none.
func CookieText(r *http.Request, name string) string {
	cookie, err := r.Cookie(name)
	if err != nil {
		return ""
	}
	return cookie.Value
}

// KeepChoice remembers a choice of the reader's for a year.
func KeepChoice(answer *Reply, name, text string) {
	cookie := &http.Cookie{ //nolint:gosec // Secure would keep the cookie from plain http on loopback.
		Name: name, Value: text, MaxAge: 365 * 24 * 60 * 60, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
	answer.Header.Add("Set-Cookie", cookie.String())
}

// FaceOf is a person as the pages draw one; the zero Face for nobody.
func FaceOf(u *User) pages.Face {
	if u == nil {
		return pages.Face{}
	}
	return pages.Face{Name: u.Name, Nickname: cmp.Or(u.Account.Nickname, u.Name)}
}
