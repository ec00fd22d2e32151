package sandbox

import (
	"net/http"
	"slices"
)

// termsRoutes are the routes about consent items and service terms.
func termsRoutes() []route {
	get, post := []string{http.MethodGet}, []string{http.MethodPost}
	return []route{
		{methods: get, host: kapiHost, path: "/v2/user/scopes", accepts: userToken | adminKey, category: categoryConsentItems,
			apiType: "USER_SCOPES", handle: getScopes,
			params: []param{{name: "scopes", kind: jsonStrings(100)}}},
		{methods: post, host: kapiHost, path: "/v2/user/revoke/scopes", accepts: userToken | adminKey, category: categoryConsentItems,
			apiType: "USER_REVOKE_SCOPES", handle: postRevokeScopes,
			params: []param{{name: "scopes", kind: jsonStrings(100), required: true}}},
		{methods: get, host: kapiHost, path: "/v2/user/service_terms", accepts: userToken | adminKey, category: categoryServiceTerms,
			apiType: "USER_SERVICE_TERMS", handle: getServiceTerms,
			params: []param{
				{name: "result", kind: enum("agreed_service_terms", "app_service_terms")},
				{name: "tags", kind: commaList()},
			}},
		{
			// An official SDK sends the tags of this POST in the query.
			methods: post, host: kapiHost, path: "/v2/user/revoke/service_terms", accepts: userToken | adminKey, category: categoryServiceTerms,
			apiType: "USER_REVOKE_SERVICE_TERMS", queryOnPOST: true, handle: postRevokeServiceTerms,
			params: []param{{name: "tags", kind: commaList(), required: true}}},
		{methods: post, host: kapiHost, path: "/v2/user/upgrade/service_terms", accepts: userToken | adminKey, category: categoryServiceTerms,
			apiType: "USER_UPGRADE_SERVICE_TERMS", handle: postUpgradeServiceTerms,
			params: []param{{name: "tags", kind: commaList(), required: true}}},
	}
}

// getScopes is GET /v2/user/scopes.
// https://developers.kakao.com/docs/latest/en/kakaologin/rest-api#check-consent
func getScopes(r *request) (any, *kakaoError) {
	asked := r.strings("scopes")
	for _, id := range asked {
		if r.state.app.item(id) == nil {
			return nil, newFailure("-2", unsatisfied("scopes", id+" is not a consent item"))
		}
	}
	return scopesAnswer(r, asked), nil
}

// scopesAnswer lists the consent items asked for, or all of them. Items that
// the app no longer uses show only to users who once agreed.
func scopesAnswer(r *request, asked []string) map[string]any {
	scopes := []map[string]any{}
	for _, item := range r.state.app.items {
		agreed := r.user.agreed(item.id)
		if (asked != nil && !slices.Contains(asked, item.id)) || (item.setting == off && !agreed) {
			continue
		}
		scope := map[string]any{
			"id": item.id, "display_name": item.displayName, "type": item.kind, "using": item.setting != off, "agreed": agreed,
		}
		if agreed {
			scope["revocable"] = item.setting != required
		}
		scopes = append(scopes, scope)
	}
	return map[string]any{"id": r.user.id, "scopes": scopes}
}

// postRevokeScopes is POST /v2/user/revoke/scopes: all or nothing.
func postRevokeScopes(r *request) (any, *kakaoError) {
	asked := r.strings("scopes")
	var fixed, without []string
	for _, id := range asked {
		item := r.state.app.item(id)
		switch {
		case item == nil || !r.user.agreed(id):
			without = append(without, id)
		case item.setting == required:
			fixed = append(fixed, id)
		}
	}
	switch {
	case len(fixed) > 0:
		return nil, newFailure("-3", bracketed(fixed)+" is not revocable. check out if it's set as required on developers.kakao.com")
	case len(without) > 0:
		return nil, newFailure("-2", "There is no scopes to revoke. check out if given scope id("+bracketed(without)+") is correct again.")
	}
	for _, id := range asked {
		delete(r.user.consents, id)
	}
	return scopesAnswer(r, nil), nil
}

// unknownTags are the tags that no service term of the app has.
func (a *app) unknownTags(tags []string) []string {
	return slices.DeleteFunc(slices.Clone(tags), func(tag string) bool { return a.term(tag) != nil })
}

// getServiceTerms is GET /v2/user/service_terms.
// https://developers.kakao.com/docs/latest/en/kakaologin/rest-api#check-consent-details-for-service-terms
func getServiceTerms(r *request) (any, *kakaoError) {
	a, tags := r.state.app, r.strings("tags")
	if unknown := a.unknownTags(tags); len(unknown) > 0 {
		return nil, newFailure("-2", "There is no tags to get service terms. check out to configured this tags("+bracketed(unknown)+") in app("+a.name+").")
	}
	terms := []map[string]any{}
	for _, term := range a.terms {
		consent, agreed := r.user.terms[term.tag]
		if (!agreed && r.text("result") != "app_service_terms") || (tags != nil && !slices.Contains(tags, term.tag)) {
			continue
		}
		shown := map[string]any{"tag": term.tag, "required": term.required, "agreed": agreed, "revocable": !term.required}
		if agreed {
			shown["agreed_at"] = wireTime(consent.at)
			shown["agreed_by"] = consent.by
		}
		terms = append(terms, shown)
	}
	return map[string]any{"id": r.user.id, "service_terms": terms}, nil
}

// postRevokeServiceTerms is POST /v2/user/revoke/service_terms. Terms that the
// user had not agreed to are left out of the answer.
func postRevokeServiceTerms(r *request) (any, *kakaoError) {
	a, tags := r.state.app, r.strings("tags")
	fixed := slices.DeleteFunc(slices.Clone(tags), func(tag string) bool {
		term := a.term(tag)
		return term != nil && !term.required
	})
	if len(fixed) > 0 {
		return nil, newFailure("-2", "There is no tags to revoke. check out to configured this tags("+bracketed(fixed)+") in app("+a.name+").")
	}
	revoked := []map[string]any{}
	for _, tag := range tags {
		if _, agreed := r.user.terms[tag]; agreed {
			delete(r.user.terms, tag)
			revoked = append(revoked, map[string]any{"tag": tag, "agreed": false})
		}
	}
	return map[string]any{"id": r.user.id, "revoked_service_terms": revoked}, nil
}

// postUpgradeServiceTerms is POST /v2/user/upgrade/service_terms. It skips
// unknown tags and terms already agreed to, without an error.
func postUpgradeServiceTerms(r *request) (any, *kakaoError) {
	agreed := []map[string]any{}
	for _, tag := range r.strings("tags") {
		_, already := r.user.terms[tag]
		if already || r.state.app.term(tag) == nil {
			continue
		}
		r.user.terms[tag] = termConsent{r.now, "KAPI"}
		agreed = append(agreed, map[string]any{"tag": tag, "agreed": true, "agreed_at": wireTime(r.now), "agreed_by": "KAPI"})
	}
	return map[string]any{"id": r.user.id, "agreed_service_terms": agreed}, nil
}
