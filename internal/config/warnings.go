package config

import (
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
	if len(c.Apps) > 0 && !slices.Contains(c.AppNames(), DefaultApp) && !c.Sandbox {
		l.warn("apps", "none is called %s: every call has to name one of %s in x-kakao-app", DefaultApp, strings.Join(c.AppNames(), ", "))
	}
}
