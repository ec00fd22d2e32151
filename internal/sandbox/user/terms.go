package user

import (
	"net/http"
	"slices"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/platform"
)

// termsRoutes are the routes about consent items and service terms.
func termsRoutes() []platform.Route {
	get, post := []string{http.MethodGet}, []string{http.MethodPost}
	return []platform.Route{
		{Methods: get, Host: platform.KapiHost, Path: "/v2/user/scopes", Accepts: platform.UserToken | platform.AdminKey, Category: platform.CategoryConsentItems,
			APIType: "USER_SCOPES", Handle: getScopes,
			Params: []platform.Param{{Name: "scopes", Kind: platform.JSONStrings(100)}}},
		{Methods: post, Host: platform.KapiHost, Path: "/v2/user/revoke/scopes", Accepts: platform.UserToken | platform.AdminKey, Category: platform.CategoryConsentItems,
			APIType: "USER_REVOKE_SCOPES", Handle: postRevokeScopes,
			Params: []platform.Param{{Name: "scopes", Kind: platform.JSONStrings(100), Required: true}}},
		{Methods: get, Host: platform.KapiHost, Path: "/v2/user/service_terms", Accepts: platform.UserToken | platform.AdminKey, Category: platform.CategoryServiceTerms,
			APIType: "USER_SERVICE_TERMS", Handle: getServiceTerms,
			Params: []platform.Param{
				{Name: "result", Kind: platform.Enum("agreed_service_terms", "app_service_terms")},
				{Name: "tags", Kind: platform.CommaList()},
			}},
		{
			// An official SDK sends the tags of this POST in the query.
			Methods: post, Host: platform.KapiHost, Path: "/v2/user/revoke/service_terms", Accepts: platform.UserToken | platform.AdminKey, Category: platform.CategoryServiceTerms,
			APIType: "USER_REVOKE_SERVICE_TERMS", QueryOnPOST: true, Handle: postRevokeServiceTerms,
			Params: []platform.Param{{Name: "tags", Kind: platform.CommaList(), Required: true}}},
		{Methods: post, Host: platform.KapiHost, Path: "/v2/user/upgrade/service_terms", Accepts: platform.UserToken | platform.AdminKey, Category: platform.CategoryServiceTerms,
			APIType: "USER_UPGRADE_SERVICE_TERMS", Handle: postUpgradeServiceTerms,
			Params: []platform.Param{{Name: "tags", Kind: platform.CommaList(), Required: true}}},
	}
}

// getScopes is GET /v2/user/scopes.
// https://developers.kakao.com/docs/latest/en/kakaologin/rest-api#check-consent
func getScopes(r *platform.Request) (any, *platform.Failure) {
	asked := r.Strings("scopes")
	for _, id := range asked {
		if r.State.App.Item(id) == nil {
			return nil, platform.NewFailure("-2", platform.Unsatisfied("scopes", id+" is not a consent item"))
		}
	}
	return scopesAnswer(r, asked), nil
}

// scopesAnswer lists the consent items asked for, or all of them. Items that
// the app no longer uses show only to users who once agreed.
func scopesAnswer(r *platform.Request, asked []string) map[string]any {
	scopes := []map[string]any{}
	for _, item := range r.State.App.Items {
		agreed := r.User.Agreed(item.ID)
		if (asked != nil && !slices.Contains(asked, item.ID)) || (item.Setting == platform.Off && !agreed) {
			continue
		}
		scope := map[string]any{
			"id": item.ID, "display_name": item.DisplayName, "type": item.Kind, "using": item.Setting != platform.Off, "agreed": agreed,
		}
		if agreed {
			scope["revocable"] = item.Setting != platform.Required
		}
		scopes = append(scopes, scope)
	}
	return map[string]any{"id": r.User.ID, "scopes": scopes}
}

// postRevokeScopes is POST /v2/user/revoke/scopes: all or nothing.
func postRevokeScopes(r *platform.Request) (any, *platform.Failure) {
	asked := r.Strings("scopes")
	var fixed, without []string
	for _, id := range asked {
		item := r.State.App.Item(id)
		switch {
		case item == nil || !r.User.Agreed(id):
			without = append(without, id)
		case item.Setting == platform.Required:
			fixed = append(fixed, id)
		}
	}
	switch {
	case len(fixed) > 0:
		return nil, platform.NewFailure("-3", platform.Bracketed(fixed)+" is not revocable. check out if it's set as required on developers.kakao.com")
	case len(without) > 0:
		return nil, platform.NewFailure("-2", "There is no scopes to revoke. check out if given scope id("+platform.Bracketed(without)+") is correct again.")
	}
	for _, id := range asked {
		delete(r.User.Consents, id)
	}
	return scopesAnswer(r, nil), nil
}

// getServiceTerms is GET /v2/user/service_terms.
// https://developers.kakao.com/docs/latest/en/kakaologin/rest-api#check-consent-details-for-service-terms
func getServiceTerms(r *platform.Request) (any, *platform.Failure) {
	a, tags := r.State.App, r.Strings("tags")
	if unknown := a.UnknownTags(tags); len(unknown) > 0 {
		return nil, platform.NewFailure("-2", "There is no tags to get service terms. check out to configured this tags("+platform.Bracketed(unknown)+") in app("+a.Name+").")
	}
	terms := []map[string]any{}
	for _, term := range a.Terms {
		consent, agreed := r.User.Terms[term.Tag]
		if (!agreed && r.Text("result") != "app_service_terms") || (tags != nil && !slices.Contains(tags, term.Tag)) {
			continue
		}
		shown := map[string]any{"tag": term.Tag, "required": term.Required, "agreed": agreed, "revocable": !term.Required}
		if agreed {
			shown["agreed_at"] = platform.WireTime(consent.At)
			shown["agreed_by"] = consent.By
		}
		terms = append(terms, shown)
	}
	return map[string]any{"id": r.User.ID, "service_terms": terms}, nil
}

// postRevokeServiceTerms is POST /v2/user/revoke/service_terms. Terms that the
// user had not agreed to are left out of the answer.
func postRevokeServiceTerms(r *platform.Request) (any, *platform.Failure) {
	a, tags := r.State.App, r.Strings("tags")
	fixed := slices.DeleteFunc(slices.Clone(tags), func(tag string) bool {
		term := a.Term(tag)
		return term != nil && !term.Required
	})
	if len(fixed) > 0 {
		return nil, platform.NewFailure("-2", "There is no tags to revoke. check out to configured this tags("+platform.Bracketed(fixed)+") in app("+a.Name+").")
	}
	revoked := []map[string]any{}
	for _, tag := range tags {
		if _, agreed := r.User.Terms[tag]; agreed {
			delete(r.User.Terms, tag)
			revoked = append(revoked, map[string]any{"tag": tag, "agreed": false})
		}
	}
	return map[string]any{"id": r.User.ID, "revoked_service_terms": revoked}, nil
}

// postUpgradeServiceTerms is POST /v2/user/upgrade/service_terms. It skips
// unknown tags and terms already agreed to, without an error.
func postUpgradeServiceTerms(r *platform.Request) (any, *platform.Failure) {
	agreed := []map[string]any{}
	for _, tag := range r.Strings("tags") {
		_, already := r.User.Terms[tag]
		if already || r.State.App.Term(tag) == nil {
			continue
		}
		r.User.Terms[tag] = platform.TermConsent{At: r.Now, By: "KAPI"}
		agreed = append(agreed, map[string]any{"tag": tag, "agreed": true, "agreed_at": platform.WireTime(r.Now), "agreed_by": "KAPI"})
	}
	return map[string]any{"id": r.User.ID, "agreed_service_terms": agreed}, nil
}
