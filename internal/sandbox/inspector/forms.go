package inspector

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/pages"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/platform"
)

// pageForm is a form of a page. What it changes in the sandbox, it changes by
// the control path that tests use, so that both refuse the same.
type pageForm struct {
	path string
	// take answers with where to go on, or why not, under the state's lock.
	take func(*platform.State, url.Values) (next string, e *platform.ControlError)
}

// pageForms is the table of forms.
func pageForms() []pageForm {
	return []pageForm{
		{pages.SettingsPath, takeSettings},
		{pages.ArmPath, func(st *platform.State, form url.Values) (string, *platform.ControlError) {
			return steer(st, armFault, faultBody(form), "armed")
		}},
		{pages.DisarmPath, func(st *platform.State, _ url.Values) (string, *platform.ControlError) {
			return steer(st, clearFaults, nil, "disarmed")
		}},
		{pages.ClockPath, func(st *platform.State, form url.Values) (string, *platform.ControlError) {
			return steer(st, advanceClock, map[string]any{"advance_seconds": asNumber(form.Get("advance_seconds"))}, "advanced")
		}},
		{pages.ResetPath, func(st *platform.State, _ url.Values) (string, *platform.ControlError) {
			return steer(st, resetAll, nil, "reset")
		}},
		{pages.ClearRequestsPath, func(st *platform.State, _ url.Values) (string, *platform.ControlError) {
			_, e := clearCalls(st, nil)
			return pages.RequestsPath, e
		}},
	}
}

// steer calls a control path and goes on to the page of faults, which says what
// was done.
func steer(st *platform.State, control func(*platform.State, []byte) (any, *platform.ControlError), body map[string]any, done string) (string, *platform.ControlError) {
	text, _ := json.Marshal(body) // texts and numbers always encode
	_, e := control(st, text)
	return withParameter(pages.FaultsPath, "done", done), e
}

// takeForm reads a form and sends the browser on. A refused one is shown again
// with the reason.
func (i *Inspector) takeForm(w http.ResponseWriter, r *http.Request, form pageForm) *platform.Reply {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, platform.MaxRequestBody))
	if err != nil {
		return platform.NewReply(http.StatusRequestEntityTooLarge, "text/plain;charset=UTF-8", []byte("the form could not be read: "+err.Error()+"\n"))
	}
	sent, err := url.ParseQuery(string(body))
	if err != nil {
		return platform.NewReply(http.StatusBadRequest, "text/plain;charset=UTF-8", []byte("the form could not be read: "+err.Error()+"\n"))
	}
	var answer *platform.Reply
	i.locked(func(st *platform.State) {
		next, e := form.take(st, sent)
		if e != nil {
			frame := pageFrame(st, r)
			frame.Path = pages.FaultsPath
			answer = toolPage(e.Status, frame, faultsPage(visitor{state: st, http: r, language: frame.Language}, sent, e.Error))
			return
		}
		answer = platform.RedirectReply(next)
		answer.Status = http.StatusSeeOther
	})
	if form.path == pages.SettingsPath {
		keepSettings(answer, sent)
	}
	return answer
}

// keepSettings puts the reader's choices into cookies; what is none is left out.
func keepSettings(answer *platform.Reply, form url.Values) {
	if language := pages.Language(form.Get("language")); language == pages.English || language == pages.Korean {
		platform.KeepChoice(answer, platform.LanguageCookie, string(language))
	}
	if theme := pages.ThemeOf(form.Get("theme")); theme != pages.Automatic {
		platform.KeepChoice(answer, platform.ThemeCookie, string(theme))
	}
}

// takeSettings goes back to the page where the choice was made; the choice
// itself is the browser's to keep.
func takeSettings(_ *platform.State, form url.Values) (string, *platform.ControlError) {
	back, err := url.Parse(form.Get("back"))
	if err != nil || back.Host != "" || back.Scheme != "" {
		return pages.PeoplePath, nil
	}
	for _, page := range ownPages() {
		if page.path == back.Path {
			return back.RequestURI(), nil
		}
	}
	return pages.PeoplePath, nil
}

// faultBody makes the body of the control path out of the form: of the fields,
// those of the chosen effect. An empty field is left out.
func faultBody(form url.Values) map[string]any {
	body := map[string]any{"route": form.Get("route")}
	if times := form.Get("times"); times != "" {
		body["times"] = asNumber(times)
	}
	for _, effect := range (pages.FaultsPage{}).Effects() {
		if effect.Name != form.Get("effect") {
			continue
		}
		if len(effect.Fields) == 0 {
			body[effect.Name] = true
		}
		if effect.Performs && form.Get(effect.Name+".perform") != "" {
			body["perform"] = true
		}
		for _, field := range effect.Fields {
			var value any = form.Get(field.Name)
			if value == "" {
				continue
			}
			if field.Number || platform.IsNumber(form.Get(field.Name)) {
				value = asNumber(form.Get(field.Name))
			}
			object, member, nested := strings.Cut(field.Name, ".")
			if !nested {
				body[object] = value
				continue
			}
			members, _ := body[object].(map[string]any)
			if members == nil {
				members = map[string]any{}
				body[object] = members
			}
			members[member] = value
		}
	}
	return body
}

// asNumber is a text as a JSON number, or as it is: then the control path says
// what is wrong with it.
func asNumber(text string) any {
	if trimmed := strings.TrimSpace(text); platform.IsNumber(trimmed) {
		return json.Number(trimmed)
	}
	return text
}
