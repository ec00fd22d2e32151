package inspector

import (
	"encoding/json"
	"net/url"
	"slices"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/pages"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/platform"
)

// doneKeys are what the page can say was done.
var doneKeys = []string{"armed", "disarmed", "advanced", "reset"}

// faultsPage shows the armed faults, the clock, and the forms that steer them.
// form is what was sent and refused, for the reason refused.
func faultsPage(v visitor, form url.Values, refused string) pages.View {
	st := v.state
	page := pages.FaultsPage{Address: "http://" + v.http.Host, Now: st.Now().In(platform.KoreaZone), UTC: platform.WireTime(st.Now()), Error: refused}
	if st.Ahead() > 0 {
		page.Advanced = st.Ahead().Round(time.Second).String()
	}
	if form != nil {
		page.Form = map[string]string{}
		for name := range form {
			page.Form[name] = form.Get(name)
		}
	}
	if done := v.query.Get("done"); refused == "" && slices.Contains(doneKeys, done) {
		page.Done = done
	}
	for _, r := range st.Routes.List { // by host
		if r.Internal {
			continue
		}
		if n := len(page.Hosts); n == 0 || page.Hosts[n-1].Host != r.Host {
			page.Hosts = append(page.Hosts, pages.RouteGroup{Host: r.Host})
		}
		group := &page.Hosts[len(page.Hosts)-1]
		group.Routes = append(group.Routes, r.Key())
	}
	for _, a := range st.Faults.Armed {
		script, _ := json.Marshal(a.Script) // it came as JSON
		shown := pages.Fault{ID: a.ID, Route: a.Script.Route, Effect: a.Effect, Fired: a.Fired, Left: a.Left, JSON: string(script)}
		if *a.Script.Times == platform.UnlimitedTimes {
			shown.Left = -1
		}
		page.Armed = append(page.Armed, shown)
	}
	return page
}
