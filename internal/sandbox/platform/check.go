package platform

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Check is one step before a handler: it returns why the request fails, or nil.
type Check func(*Request) *Failure

// CheckCategory holds the admin key's list of available APIs against the
// route. https://developers.kakao.com/docs/latest/en/app-setting/app#admin-key
func CheckCategory(r *Request) *Failure {
	key := r.Credential.Key
	if key == nil || key.Kind != AdminKey || key.Categories == nil {
		return nil
	}
	if !slices.Contains(key.Categories, r.Route.Category) {
		return NewFailure("-3", "the admin key is not allowed to call this API.")
	}
	return nil
}

// CheckParameters reads the parameters.
func CheckParameters(r *Request) *Failure {
	if p := readParams(r); p != nil {
		return r.Route.Family.ParameterFailure(*p)
	}
	return nil
}

// CheckFeature asks whether the app has set up what the route needs.
func CheckFeature(r *Request) *Failure {
	if r.Route.Consent != "" && !r.State.App.Enabled(r.Route.Consent) {
		return NotEnabled(r, r.Route.Consent)
	}
	return nil
}

// NotEnabled is the failure of a call that needs a consent item which the app
// has not set up.
func NotEnabled(r *Request, item string) *Failure {
	return NewFailure("-3", fmt.Sprintf("[%s] App disabled [%s] scopes for [%s] API on developers.kakao.com. Enable it first.",
		r.State.App.Name, item, r.Route.APIType))
}

// checkService asks whether the product behind a dapi route is switched on.
func checkService(r *Request) *Failure {
	if r.Route.Service != "" && !r.State.App.Enabled(r.Route.Service) {
		return NewFailure("NotAuthorizedError", fmt.Sprintf("App(%s) disabled %s service.", r.State.App.Name, r.Route.Service))
	}
	return nil
}

// CheckLinked finds the user the call is for, and asks whether the user is
// linked to the app.
func CheckLinked(r *Request) *Failure {
	if !r.Route.aboutUser() {
		return nil
	}
	if r.Token != nil {
		r.User = r.Token.User
	} else {
		r.User = r.State.UserByID(r.Int64("target_id", 0))
	}
	switch {
	case r.User == nil || r.User.Link == Unlinked:
		return NewFailure("-101", "")
	case r.User.Dormant:
		return NewFailure("-103", "")
	case r.User.Link == Preregistered && !r.Route.Preregistered:
		return NewFailure("-101", "")
	}
	return nil
}

// CheckConsent asks whether the user has agreed to what the route needs.
func CheckConsent(r *Request) *Failure {
	if r.Route.Consent == "" || r.User.Agreed(r.Route.Consent) {
		return nil
	}
	return InsufficientScopes(r, r.Route.Consent)
}

// InsufficientScopes is the failure of a call that needs more consent.
func InsufficientScopes(r *Request, required ...string) *Failure {
	return NewFailure("-402", "").With(map[string]any{
		"api_type": r.Route.APIType, "required_scopes": required, "allowed_scopes": r.User.AgreedItems(r.State.App),
	})
}

// CheckQuota counts the call against the minute and the Korean day.
func CheckQuota(r *Request) *Failure {
	key := r.Route.Key()
	if limit := r.Route.PerMinute; limit > 0 && !r.State.Quotas.Within("minute "+key, limit, time.Minute, r.Now) {
		// Per-minute limits of kapi answer 429, unlike its daily quotas.
		return r.Route.Family.Throttled().WithStatus(429)
	}
	if limit := r.State.options.DailyQuota[key]; limit > 0 && !r.State.Quotas.WithinDay(key, limit, r.Now) {
		return r.Route.Family.Throttled()
	}
	return nil
}

// Bracketed writes a list into a message as Kakao does.
func Bracketed(words []string) string { return "[" + strings.Join(words, ", ") + "]" }

// PerDay counts the calls of several routes together, by the Korean day.
func PerDay(what string, limit int) Check {
	return func(r *Request) *Failure {
		if !r.State.Quotas.WithinDay(what, limit, r.Now) {
			return r.Route.Family.Throttled()
		}
		return nil
	}
}

// checkOpenRead is for api-status.kakao.com, which anybody may read: a key or
// token sent there has leaked.
func checkOpenRead(r *Request) *Failure {
	switch {
	case len(r.HTTP.Header.Values("Authorization")) > 0:
		return NewFailure("-8", "the Authorization header is not used here")
	case len(r.Body) > 0:
		return NewFailure("-2", r.HTTP.Method+" takes no body")
	}
	return nil
}
