package sandbox

import (
	"encoding/json"
	"net/url"
	"slices"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/pages"
)

// doneKeys are what the page can say was done.
var doneKeys = []string{"armed", "disarmed", "advanced", "reset"}

// faultsPage shows the armed faults, the clock, and the forms that steer them.
// form is what was sent and refused, for the reason refused.
func faultsPage(v visitor, form url.Values, refused string) pages.View {
	st := v.state
	page := pages.FaultsPage{Address: "http://" + v.http.Host, Now: st.now().In(koreaZone), UTC: wireTime(st.now()), Error: refused}
	if st.advanced > 0 {
		page.Advanced = st.advanced.Round(time.Second).String()
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
	for _, r := range st.routes.list { // by host
		if r.internal {
			continue
		}
		if n := len(page.Hosts); n == 0 || page.Hosts[n-1].Host != r.host {
			page.Hosts = append(page.Hosts, pages.RouteGroup{Host: r.host})
		}
		group := &page.Hosts[len(page.Hosts)-1]
		group.Routes = append(group.Routes, r.key())
	}
	for _, a := range st.faults.armed {
		script, _ := json.Marshal(a.script) // it came as JSON
		shown := pages.Fault{ID: a.id, Route: a.script.Route, Effect: a.effect, Fired: a.fired, Left: a.left, JSON: string(script)}
		if *a.script.Times == unlimitedTimes {
			shown.Left = -1
		}
		page.Armed = append(page.Armed, shown)
	}
	return page
}
