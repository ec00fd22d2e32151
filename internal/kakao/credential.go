package kakao

import (
	"fmt"

	"google.golang.org/protobuf/reflect/protoreflect"

	apiv1 "github.com/kakaorpc/kakaorpc/gen/kakao/api/v1"
	errorv1 "github.com/kakaorpc/kakaorpc/gen/kakao/error/v1"
	"github.com/kakaorpc/kakaorpc/internal/errorsx"
	"github.com/kakaorpc/kakaorpc/internal/secret"
)

// DefaultApp is the app of a call that names none.
const DefaultApp = "default"

// Caller is who a call is made for.
type Caller struct {
	// App names the configured app whose keys are used; empty means DefaultApp.
	App string
	// UserToken is the Kakao access token that the caller sent, if any.
	UserToken secret.Value
}

// credential is what a call to Kakao carries to be let in.
type credential struct {
	kind          errorsx.Credential
	authorization secret.Value // the header
	key           secret.Value // the app key that is sent, if one is
	clientID      secret.Value // the parameters of AUTH_CLIENT
	clientSecret  secret.Value
}

// secrets lists the texts that must not show in an error of the call.
func (c credential) secrets(caller Caller, app App) []string {
	var texts []string
	for _, value := range []secret.Value{caller.UserToken, app.RESTAPIKey, app.AdminKey, app.ClientSecret} {
		if !value.IsZero() {
			texts = append(texts, value.Reveal())
		}
	}
	return texts
}

// namedApp finds the caller's app.
func (c *Client) namedApp(caller Caller) (string, App, error) {
	name := caller.App
	if name == "" {
		name = DefaultApp
	}
	app, found := c.app(name)
	if !found {
		return name, App{}, unknownApp(caller.App)
	}
	return name, app, nil
}

// unknownApp says which app there is not. A caller that named none has nothing to
// correct where the operator configured no default one.
func unknownApp(named string) *errorsx.Error {
	if named == "" {
		return errorsx.New(errorv1.Reason_REASON_APP_UNKNOWN,
			"this server has no app "+DefaultApp+": name one of its apps in x-kakao-app, or ask its operator to configure apps."+DefaultApp)
	}
	return errorsx.New(errorv1.Reason_REASON_APP_UNKNOWN, "")
}

// choose picks the credential that the endpoint asks for. An admin key is only
// used where the contract says so: a user's token never falls back to it
// unseen.
func (e *endpoint) choose(caller Caller, appName string, app App, request protoreflect.Message) (credential, error) {
	switch e.auth {
	case apiv1.Auth_AUTH_NONE:
		return credential{kind: errorsx.CredentialNone}, nil
	case apiv1.Auth_AUTH_USER:
		return userCredential(caller)
	case apiv1.Auth_AUTH_USER_OR_ADMIN:
		return e.chooseUserOrAdmin(caller, appName, app, request)
	case apiv1.Auth_AUTH_ADMIN:
		return keyCredential(app.AdminKey, appName, "admin_key")
	case apiv1.Auth_AUTH_REST_KEY:
		return keyCredential(app.RESTAPIKey, appName, "rest_api_key")
	}
	// AUTH_CLIENT: compile refuses anything unspecified.
	if app.RESTAPIKey.IsZero() {
		return credential{}, notConfigured(appName, "rest_api_key")
	}
	return credential{kind: errorsx.CredentialClient, key: app.RESTAPIKey, clientID: app.RESTAPIKey, clientSecret: app.ClientSecret}, nil
}

// chooseUserOrAdmin refuses a request that names two users: one by the token
// and one by target_id. Kakao would answer for the token's.
func (e *endpoint) chooseUserOrAdmin(caller Caller, appName string, app App, request protoreflect.Message) (credential, error) {
	hasTarget := request.Has(e.targetID)
	switch {
	case hasTarget && !caller.UserToken.IsZero():
		return credential{}, errorsx.New(errorv1.Reason_REASON_CREDENTIAL_AMBIGUOUS, "",
			errorsx.WithViolation("target_id", "must not be sent together with a user access token", "ambiguous"))
	case hasTarget:
		return keyCredential(app.AdminKey, appName, "admin_key")
	case caller.UserToken.IsZero():
		return credential{}, errorsx.New(errorv1.Reason_REASON_USER_TOKEN_REQUIRED,
			`the call acts for a user: send "authorization: Bearer <token>", or target_id to act with the app's admin key`)
	}
	return userCredential(caller)
}

func userCredential(caller Caller) (credential, error) {
	if caller.UserToken.IsZero() {
		return credential{}, errorsx.New(errorv1.Reason_REASON_USER_TOKEN_REQUIRED, "")
	}
	return credential{
		kind:          errorsx.CredentialUserToken,
		authorization: secret.New("Bearer " + caller.UserToken.Reveal()),
	}, nil
}

func keyCredential(key secret.Value, appName, setting string) (credential, error) {
	if key.IsZero() {
		return credential{}, notConfigured(appName, setting)
	}
	return credential{
		kind:          errorsx.CredentialAppKey,
		authorization: secret.New("KakaoAK " + key.Reveal()),
		key:           key,
	}, nil
}

func notConfigured(appName, setting string) error {
	return errorsx.New(errorv1.Reason_REASON_APP_KEY_NOT_CONFIGURED, fmt.Sprintf(
		"the app %q has no %s: ask the operator to configure apps.%s.%s", appName, setting, appName, setting))
}

// addTo puts the parameters of AUTH_CLIENT first. The client secret goes only
// into a body: a query is an address that a browser shows.
// https://developers.kakao.com/docs/latest/en/kakaologin/rest-api#request-token
func (c credential) addTo(request *encodedRequest) {
	if c.clientID.IsZero() {
		return
	}
	var client parameters
	client.add("client_id", c.clientID.Reveal())
	if request.contentType != formContentType {
		request.query = client.followedBy(request.query)
		return
	}
	if !c.clientSecret.IsZero() {
		client.add("client_secret", c.clientSecret.Reveal())
	}
	request.form = client.followedBy(request.form)
}

func (p parameters) followedBy(rest parameters) parameters {
	if len(p) > 0 && len(rest) > 0 {
		p = append(p, '&')
	}
	return append(p, rest...)
}
