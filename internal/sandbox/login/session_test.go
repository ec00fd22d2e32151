package login

import (
	"testing"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/pages"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/platform"
)

func TestOldThingsAreForgotten(t *testing.T) {
	st, err := platform.NewState(platform.Options{Clock: func() time.Time { return platform.SeedDate(2026, 1, 1) }}, []platform.Product{Product()})
	if err != nil {
		t.Fatal(err)
	}
	before := len(st.AccessTokens)
	login := st.NewRefreshToken(st.Users[0], true, st.Now(), st.Now())
	st.NewAccessToken(login, st.Now())
	st.Codes["x"] = &platform.AuthorizationCode{Expires: st.Now()}
	newVisit(st, &pageVisit{})
	st.Advance(platform.AccessLife + 25*time.Hour)
	dropExpired(st, st.Now())
	if len(st.AccessTokens) != before || len(st.Codes) != 0 || len(Of(st).Pages) != 0 || st.RefreshTokens[login.Value] == nil {
		t.Errorf("left: %d tokens (%d seeded), %d codes, %d pages", len(st.AccessTokens), before, len(st.Codes), len(Of(st).Pages))
	}
	for range maxVisits + 10 {
		newVisit(st, &pageVisit{})
	}
	if len(Of(st).Pages) != maxVisits {
		t.Errorf("%d pages", len(Of(st).Pages))
	}
}

// TestChooserTitlesHaveATexts: a heading without a text would fail the page of
// accounts.
func TestChooserTitlesHaveATexts(t *testing.T) {
	for _, title := range chooserTitles {
		if pages.Text(pages.English, "choose."+title) == "" {
			t.Errorf("no text for %s", title)
		}
	}
}
