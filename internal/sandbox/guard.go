package sandbox

import (
	"net"
	"net/http"
	"strings"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/platform"
)

// The sandbox listens where every page in a browser on this machine can reach
// it. What it shows to people and what steers it is therefore for its own
// pages, and for programs that are no browser.

// originCheck refuses forms and scripts of other sites, by Sec-Fetch-Site and
// Origin. It never changes once made.
var originCheck = http.NewCrossOriginProtection()

// foreign says why a request to a page or a control path comes from elsewhere,
// or nothing. A name that leads here and is not this machine's is how a page
// elsewhere pretends to be one of ours (DNS rebinding); where the operator has
// opened the sandbox to other machines, any name is good.
func (s *Sandbox) foreign(r *http.Request) string {
	if !s.options.AllowNonLoopback && !isLoopbackName(r.Host) {
		return "the sandbox answers here by the names localhost and 127.0.0.1 only, not " + r.Host
	}
	if originCheck.Check(r) != nil {
		return "this request comes from the page of another site; the sandbox takes those of its own pages and of programs"
	}
	return ""
}

// isLoopbackName says whether a Host header can only mean this machine.
func isLoopbackName(hostport string) bool {
	host := hostport
	if name, _, err := net.SplitHostPort(hostport); err == nil {
		host = name
	}
	host = strings.ToLower(strings.Trim(host, "[]"))
	ip := net.ParseIP(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || (ip != nil && ip.IsLoopback())
}

// foreignReply refuses in plain text: nothing of ours is shown to a stranger.
func foreignReply(why string) *platform.Reply {
	return platform.NewReply(http.StatusForbidden, "text/plain;charset=UTF-8", []byte(why+"\n"))
}
