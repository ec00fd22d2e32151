package sandbox

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// check is one step before a handler: it returns why the request fails, or nil.
type check func(*request) *kakaoError

// checkCategory holds the admin key's list of available APIs against the
// route. https://developers.kakao.com/docs/latest/en/app-setting/app#admin-key
func checkCategory(r *request) *kakaoError {
	key := r.credential.key
	if key == nil || key.kind != adminKey || key.categories == nil {
		return nil
	}
	if !slices.Contains(key.categories, r.route.category) {
		return newFailure("-3", "the admin key is not allowed to call this API.")
	}
	return nil
}

// checkParameters reads the parameters.
func checkParameters(r *request) *kakaoError {
	if p := readParams(r); p != nil {
		return r.route.family.parameterFailure(*p)
	}
	return nil
}

// checkFeature asks whether the app has set up what the route needs.
func checkFeature(r *request) *kakaoError {
	if r.route.consent != "" && !r.state.app.enabled(r.route.consent) {
		return notEnabled(r, r.route.consent)
	}
	return nil
}

// notEnabled is the failure of a call that needs a consent item which the app
// has not set up.
func notEnabled(r *request, item string) *kakaoError {
	return newFailure("-3", fmt.Sprintf("[%s] App disabled [%s] scopes for [%s] API on developers.kakao.com. Enable it first.",
		r.state.app.name, item, r.route.apiType))
}

// checkService asks whether the product behind a dapi route is switched on.
func checkService(r *request) *kakaoError {
	if r.route.service != "" && !r.state.app.enabled(r.route.service) {
		return newFailure("NotAuthorizedError", fmt.Sprintf("App(%s) disabled %s service.", r.state.app.name, r.route.service))
	}
	return nil
}

// checkLinked finds the user the call is for, and asks whether the user is
// linked to the app.
func checkLinked(r *request) *kakaoError {
	if !r.route.aboutUser() {
		return nil
	}
	if r.token != nil {
		r.user = r.token.user
	} else {
		r.user = r.state.userByID(r.int64("target_id", 0))
	}
	switch {
	case r.user == nil || r.user.link == unlinked:
		return newFailure("-101", "")
	case r.user.dormant:
		return newFailure("-103", "")
	case r.user.link == preregistered && !r.route.preregistered:
		return newFailure("-101", "")
	}
	return nil
}

// checkConsent asks whether the user has agreed to what the route needs.
func checkConsent(r *request) *kakaoError {
	if r.route.consent == "" || r.user.agreed(r.route.consent) {
		return nil
	}
	return insufficientScopes(r, r.route.consent)
}

// insufficientScopes is the failure of a call that needs more consent.
func insufficientScopes(r *request, required ...string) *kakaoError {
	return newFailure("-402", "").with(map[string]any{
		"api_type": r.route.apiType, "required_scopes": required, "allowed_scopes": r.user.agreedItems(r.state.app),
	})
}

// checkQuota counts the call against the minute and the Korean day.
func checkQuota(r *request) *kakaoError {
	key := r.route.key()
	if limit := r.route.perMinute; limit > 0 && !r.state.quotas.within("minute "+key, limit, time.Minute, r.now) {
		// Per-minute limits of kapi answer 429, unlike its daily quotas.
		return r.route.family.throttled().withStatus(429)
	}
	if limit := r.state.options.DailyQuota[key]; limit > 0 && !r.state.quotas.withinDay(key, limit, r.now) {
		return r.route.family.throttled()
	}
	return nil
}

// bracketed writes a list into a message as Kakao does.
func bracketed(words []string) string { return "[" + strings.Join(words, ", ") + "]" }
