package sandbox

import (
	"cmp"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/pages"
)

// maxRequestBody bounds what the sandbox reads of a request, unless its route
// says otherwise.
const maxRequestBody = 1 << 20

// ServeHTTP answers Kakao's routes, the sandbox's control paths, and its own
// pages, of which / is the first. It implements http.Handler.
func (s *Sandbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.URL.Path == pages.PeoplePath, strings.HasPrefix(r.URL.Path, pagePrefix):
		s.servePage(w, r)
	case strings.HasPrefix(r.URL.Path, controlPrefix):
		s.serveControl(w, r)
	default:
		s.serveKakao(w, r)
	}
}

// serveKakao answers one call to Kakao.
func (s *Sandbox) serveKakao(w http.ResponseWriter, r *http.Request) {
	found, variables, allowed := s.routes.find(r.Method, r.URL.EscapedPath())
	if found != nil && found.html {
		if why := s.foreign(r); why != "" {
			_ = foreignReply(why).write(w) // the caller may have gone
			return
		}
	}
	limit := int64(maxRequestBody)
	if found != nil {
		limit = cmp.Or(found.maxBody, limit)
	}
	body, errBody := io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
	var answer *reply
	var fired *armedFault
	s.locked(func(st *state) {
		switch {
		case found == nil:
			answer = noRoute(allowed)
		case errBody != nil:
			answer = jsonReply(http.StatusRequestEntityTooLarge, map[string]string{"error": fmt.Sprintf("the sandbox reads at most %d bytes here", limit)})
		default:
			fired = st.faults.take(found)
			if fired == nil || fired.performs {
				answer = perform(&request{state: st, route: found, now: st.now(), http: r, body: body, variables: variables})
			}
		}
		st.calls.add(newCall(st.app, st.now(), r, body, found, answer, fired))
	})
	if found != nil {
		setFamilyHeaders(w.Header(), found.family)
	}
	if fired != nil {
		s.logger.Info("sandbox fault", "route", found.key(), "fault", fired.effect)
		fired.fire(exchange{w, r, found, answer})
		return
	}
	s.logger.Info("sandbox call", "method", r.Method, "path", r.URL.Path, "status", answer.status, "code", answer.code)
	if err := answer.write(w); err != nil {
		s.logger.Debug("sandbox caller went away", "path", r.URL.Path, "error", err)
	}
}

// perform checks and handles a call, and encodes the answer while the state
// cannot change.
func perform(r *request) *reply {
	for _, check := range r.route.checks {
		if e := check(r); e != nil {
			return failureReply(r, e)
		}
	}
	result, e := r.route.handle(r)
	if e != nil {
		return failureReply(r, e)
	}
	if answer, ok := result.(*reply); ok {
		return answer
	}
	return jsonReply(http.StatusOK, result)
}

// noRoute answers a path or method that Kakao does not have. Kakao's own body
// for it is not documented; this one says what is wrong.
func noRoute(allowed []string) *reply {
	if len(allowed) == 0 {
		return jsonReply(http.StatusNotFound, map[string]any{"error": "not_found", "message": "the sandbox knows no such path"})
	}
	answer := jsonReply(http.StatusMethodNotAllowed, map[string]any{
		"error": "method_not_allowed", "message": "this path answers " + strings.Join(allowed, ", "),
	})
	answer.header.Set("Allow", strings.Join(allowed, ", "))
	return answer
}

// setFamilyHeaders puts the headers of the host on the answer.
func setFamilyHeaders(h http.Header, f *family) {
	for name, values := range f.answerHeaders {
		h[name] = values
	}
	if f.requestID {
		h.Set("X-Request-Id", newRequestID())
	}
}

// withQuery appends parameters to a URI that may have a query already.
func withQuery(uri string, parameters url.Values) string {
	switch {
	case len(parameters) == 0:
		return uri
	case strings.Contains(uri, "?"):
		return uri + "&" + parameters.Encode()
	}
	return uri + "?" + parameters.Encode()
}
