package inspector

import (
	"net/url"
	"strings"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/login"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/pages"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/platform"
)

// showCallback shows what came back, and what an app does with it.
// https://developers.kakao.com/docs/latest/en/kakaologin/rest-api#request-token
func showCallback(v visitor) pages.View {
	page := pages.CallbackPage{}
	for _, name := range []string{"code", "state", "error", "error_description"} {
		if text := v.query.Get(name); text != "" {
			page.Parameters = append(page.Parameters, pages.Pair{Name: name, Value: text})
		}
	}
	// A code has no character that means something to a shell; anything else was
	// made up on the way here and is not offered to be pasted into one.
	if code := v.query.Get("code"); code != "" && platform.TokenForm.MatchString(code) {
		form := url.Values{
			"grant_type": {"authorization_code"}, "client_id": {platform.SeedRESTKey}, "client_secret": {v.state.App.ClientSecret},
			"redirect_uri": {login.OwnCallback(v.http)}, "code": {code},
		}
		page.Exchange = "curl -sS http://" + v.http.Host + "/oauth/token -d '" + strings.ReplaceAll(form.Encode(), "&", "' -d '") + "'"
	}
	return page
}
