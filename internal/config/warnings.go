package config

import (
	"net"
	"net/url"
	"slices"
	"strings"
)

// warnOfTheWhole says what the server takes and an operator should know.
func (l *loader) warnOfTheWhole() {
	c := l.config
	if c.Insecure && c.TLS.Enabled() {
		l.warn(l.origin(insecureKey), "does nothing beside a certificate: the listeners speak TLS; take one of the two away")
	}
	if c.AllowAdminWithoutPolicy && c.Authz.PolicyFile != "" && l.given[adminSwitchKey] != "" {
		l.warn(l.given[adminSwitchKey], "does nothing beside a policy, which alone says who may use the admin key; take it away")
	}
	if c.Upstream.CacheLife > 0 {
		l.warn(l.origin(cacheLifeKey), "keeps answers of Local and Daum search for %v: Kakao's terms restrict keeping what they find "+
			"(https://developers.kakao.com/docs/latest/en/local/dev-guide); be sure that you may", showDuration(c.Upstream.CacheLife))
	}
	l.warnOfTheWay()
	if c.Sandbox && len(c.Apps) > 0 {
		l.warn(l.origin(sandboxKey), "stands in place of Kakao for every app: the keys that are configured for %s are not used, the sandbox's own are", apps(c.AppNames()))
	}
	if len(c.Apps) > 0 && !slices.Contains(c.AppNames(), DefaultApp) && !c.Sandbox {
		l.warn("apps", "none is called %s: every call has to name one of %s in x-kakao-app", DefaultApp, strings.Join(c.AppNames(), ", "))
	}
}

// apps names some of them.
func apps(names []string) string {
	if len(names) == 1 {
		return "app " + names[0]
	}
	return "the apps " + strings.Join(names, ", ")
}

// warnOfTheWay says what is odd about addresses that stand in place of Kakao's.
func (l *loader) warnOfTheWay() {
	c := l.config
	warn := func(n name, u *url.URL) {
		if u == nil {
			return
		}
		if listener := l.ownListener(u); listener != "" {
			l.warn(l.origin(n), "is the address of %s, which is this server's own: calls to Kakao would come back here", l.origin(listener))
		}
		if u.Scheme == "http" && !isLoopback(u.Hostname()) {
			l.warn(l.origin(n), "keys and tokens travel to %s in the clear; write https:// unless something else encrypts the way there", u.Host)
		}
	}
	warn(baseURLKey, c.Kakao.BaseURL)
	for _, host := range kakaoHosts() {
		warn(hostKey(host).name, c.Kakao.HostURLs[host])
	}
}

// ownListener is the key of the listener that a URL leads back to; "": none.
func (l *loader) ownListener(u *url.URL) name {
	target, port := sameMachine(u.Hostname()), u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	for _, listener := range l.config.addressKeys() {
		host, at, err := net.SplitHostPort(*listener.addr)
		if err != nil || at != port || at == "0" {
			continue
		}
		if sameMachine(host) == target || everywhere(host) && isLoopback(target) {
			return listener.key
		}
	}
	return ""
}

// sameMachine gives localhost the name that it has as an address.
func sameMachine(host string) string {
	if host == "localhost" {
		return loopback
	}
	return host
}
