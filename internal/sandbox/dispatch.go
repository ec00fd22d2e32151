package sandbox

import (
	"cmp"
	"fmt"
	"io"
	"net/http"
	"runtime/debug"
	"strings"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/inspector"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/pages"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/platform"
)

// ServeHTTP answers Kakao's routes, the sandbox's control paths, and its own
// pages, of which / is the first. It implements http.Handler.
func (s *Sandbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.URL.Path == pages.PeoplePath, strings.HasPrefix(r.URL.Path, inspector.PagePrefix):
		if why := s.foreign(r); why != "" {
			_ = foreignReply(why).Write(w) // the caller may have gone
			return
		}
		s.inspector.ServePage(w, r)
	case strings.HasPrefix(r.URL.Path, platform.ControlPrefix):
		if why := s.foreign(r); why != "" {
			_ = platform.JSONReply(http.StatusForbidden, &platform.ControlError{Error: why}).Write(w)
			return
		}
		s.inspector.ServeControl(w, r)
	default:
		s.serveKakao(w, r)
	}
}

// serveKakao answers one call to Kakao.
func (s *Sandbox) serveKakao(w http.ResponseWriter, r *http.Request) {
	found, variables, allowed := s.routes.Find(r.Method, r.URL.EscapedPath())
	if found != nil && found.ErrorPage != nil {
		if why := s.foreign(r); why != "" {
			_ = foreignReply(why).Write(w) // the caller may have gone
			return
		}
	}
	limit := int64(platform.MaxRequestBody)
	if found != nil {
		limit = cmp.Or(found.MaxBody, limit)
	}
	body, errBody := io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
	var answer *platform.Reply
	var fired *platform.ArmedFault
	s.locked(func(st *platform.State) {
		switch {
		case found == nil:
			answer = s.nowhere(st, r, allowed)
		case errBody != nil:
			answer = platform.JSONReply(http.StatusRequestEntityTooLarge, map[string]string{"error": fmt.Sprintf("the sandbox reads at most %d bytes here", limit)})
		default:
			fired = st.Faults.Take(found)
			if fired == nil || fired.Performs {
				answer = s.perform(&platform.Request{State: st, Route: found, Now: st.Now(), HTTP: r, Body: body, Variables: variables})
			}
		}
		st.Calls.Add(platform.NewCall(st.App, st.Now(), r, body, found, answer, fired))
	})
	if found != nil {
		setFamilyHeaders(w.Header(), found.Family)
	}
	if fired != nil {
		s.logger.Info("sandbox fault", "route", found.Key(), "fault", fired.Effect)
		fired.Fire(platform.Exchange{Writer: w, Request: r, Route: found, Answer: answer})
		return
	}
	s.logger.Info("sandbox call", "method", r.Method, "path", r.URL.Path, "status", answer.Status, "code", answer.Code)
	if err := answer.Write(w); err != nil {
		s.logger.Debug("sandbox caller went away", "path", r.URL.Path, "error", err)
	}
}

// perform is platform.Perform, where a panic is one failed call with a line in the
// log, and stands in the history like any other.
func (s *Sandbox) perform(r *platform.Request) (answer *platform.Reply) {
	defer func() {
		if value := recover(); value != nil {
			s.logger.Error("sandbox panic", "route", r.Route.Key(), "what", fmt.Sprint(value), "stack", string(debug.Stack()))
			answer = platform.JSONReply(http.StatusInternalServerError, map[string]string{"error": "the sandbox failed: this is a fault of its own, and its log says where"})
		}
	}()
	return platform.Perform(r)
}

// nowhere answers a path that is not there. Its page is one of ours, which
// strangers do not get.
func (s *Sandbox) nowhere(st *platform.State, r *http.Request, allowed []string) *platform.Reply {
	if s.foreign(r) != "" {
		return platform.NoRoute(allowed)
	}
	return inspector.Nowhere(st, r, allowed)
}

// setFamilyHeaders puts the headers of the host on the answer.
func setFamilyHeaders(h http.Header, f *platform.Family) {
	for name, values := range f.AnswerHeaders {
		h[name] = values
	}
	if f.RequestID {
		h.Set("X-Request-Id", platform.NewRequestID())
	}
}
