package browsertest

import (
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"
	"sync"

	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
)

// watch notes what pages do wrong.
type watch struct {
	mutex    sync.Mutex
	requests map[network.RequestID]string // their addresses
	problems []string
	expected []string
}

func newWatch() *watch { return &watch{requests: map[network.RequestID]string{}} }

// see takes an event of the browser. It is called in the loop that reads from
// the browser and must not call it.
func (w *watch) see(event any) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == "assert" {
			w.note("console: %s", arguments(e.Args))
		}
	case *runtime.EventExceptionThrown:
		text := e.ExceptionDetails.Text
		if thrown := e.ExceptionDetails.Exception; thrown != nil {
			text += " " + thrown.Description
		}
		w.note("exception: %s (%s:%d)", text, e.ExceptionDetails.URL, e.ExceptionDetails.LineNumber+1)
	case *cdplog.EventEntryAdded:
		// The network's entries are seen as requests, below, with their address.
		if e.Entry.Level == cdplog.EntryLevelError && e.Entry.Source != cdplog.EntrySourceNetwork {
			w.note("browser log: %s (%s)", e.Entry.Text, e.Entry.URL)
		}
	case *network.EventRequestWillBeSent:
		w.requests[e.RequestID] = e.Request.URL
		if leaves(e.Request.URL) {
			w.note(leaving+"%s", e.Request.URL)
		}
	case *network.EventResponseReceived:
		if e.Response.Status >= 400 {
			w.note("request answered %d: %s", e.Response.Status, e.Response.URL)
		}
	case *network.EventLoadingFailed:
		// Cancelled: the page itself, or one that followed, wanted it no more.
		if address := w.requests[e.RequestID]; !e.Canceled && !leaves(address) {
			w.note("request failed with %s %s: %s", e.ErrorText, e.BlockedReason, address)
		}
	}
}

func (w *watch) note(format string, args ...any) {
	w.problems = append(w.problems, fmt.Sprintf(format, args...))
}

// leaving begins the text of a problem; the address follows.
const leaving = "request leaves this machine: "

// left takes the first request that left this machine off the problems, and
// returns its address; empty: none did.
func (w *watch) left() string {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	for i, problem := range w.problems {
		if address, ok := strings.CutPrefix(problem, leaving); ok {
			w.problems = slices.Delete(w.problems, i, i+1)
			return address
		}
	}
	return ""
}

// expect names a part of the text of problems that belong to the test.
func (w *watch) expect(part string) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.expected = append(w.expected, part)
}

// verdict is what went wrong: problems that nobody expected, and expected ones
// that never were.
func (w *watch) verdict() []string {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	var wrong []string
	met := map[string]bool{}
	for _, problem := range w.problems {
		forgiven := false
		for _, part := range w.expected {
			if strings.Contains(problem, part) {
				met[part], forgiven = true, true
			}
		}
		if !forgiven {
			wrong = append(wrong, "the page did wrong: "+problem)
		}
	}
	for _, part := range w.expected {
		if !met[part] {
			wrong = append(wrong, fmt.Sprintf("the page was expected to do wrong and did not: %q", part))
		}
	}
	return wrong
}

// leaves reports whether a request for the address would leave this machine.
func leaves(address string) bool {
	parsed, err := url.Parse(address)
	if err != nil {
		return true
	}
	switch parsed.Scheme {
	case "http", "https", "ws", "wss":
	default:
		return false // data:, blob:, about:
	}
	host := parsed.Hostname()
	ip := net.ParseIP(host)
	return host != "localhost" && (ip == nil || !ip.IsLoopback())
}

func arguments(args []*runtime.RemoteObject) string {
	var words []string
	for _, arg := range args {
		if arg.Description != "" {
			words = append(words, arg.Description)
			continue
		}
		words = append(words, strings.Trim(string(arg.Value), `"`))
	}
	return strings.Join(words, " ")
}
