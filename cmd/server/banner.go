package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/kakaorpc/kakaorpc/internal/config"
	"github.com/kakaorpc/kakaorpc/internal/sandbox"
	"github.com/kakaorpc/kakaorpc/internal/server"
)

// text is a page for people, printed in one piece.
type text struct{ strings.Builder }

func (t *text) line(format string, args ...any) { fmt.Fprintf(t, format+"\n", args...) }

func (t *text) print(w io.Writer) error {
	_, err := io.WriteString(w, t.String())
	return err
}

// people lists the sandbox's users with their test tokens.
func (t *text) people(c sandbox.Credentials) {
	t.line("People of the sandbox, and their access tokens:")
	t.line("")
	for _, user := range c.Users {
		token := user.AccessToken
		if token == "" {
			token = "(none: signs in first)" //nolint:gosec // the opposite of a token
		}
		t.line("  %-5s %-20d %s", user.Name, user.ID, token)
		t.line("  %-5s %s", "", user.About)
	}
}

// greet says where the server is; with a sandbox, also what to paste.
func greet(w io.Writer, at server.Addresses, local *localKakao, cfg *config.Config) error {
	page := text{}
	page.line("kakaorpc is up.")
	page.line("")
	page.line("  gRPC     %s", server.Reachable(at.GRPC))
	page.line("  JSON     %s://%s  (a page in a browser, OpenAPI at /openapi.json)", scheme(cfg), server.Reachable(at.HTTP))
	page.line("  ops      http://%s  (/metrics /healthz /readyz /version%s)", server.Reachable(at.Ops), grpcui(cfg))
	page.line("  reach    %s", reach(cfg))
	page.line("  callers  %s", callers(cfg))
	for _, warning := range cfg.Warnings {
		page.line("  note     %s", warning)
	}
	if local == nil {
		for _, missing := range cfg.Unconfigured() {
			page.line("  note     %s", missing)
		}
		return page.print(w)
	}
	page.line("  sandbox  %s  (stands in place of every Kakao host)", local.server.URL())
	page.line("")
	page.people(local.credentials)
	page.line("")
	if cfg.TLS.Enabled() {
		page.line("There is nothing to paste: with TLS, commands need your certificates.")
		return page.print(w)
	}
	page.line("Paste these:")
	page.line("")
	for _, command := range examples(at, local) {
		page.line("%s", command)
	}
	page.line("")
	page.line("(grpcurl: go install github.com/fullstorydev/grpcurl/cmd/grpcurl@v1.9.3)")
	return page.print(w)
}

// grpcui is its path, where it is on.
func grpcui(cfg *config.Config) string {
	if cfg.Ops.GRPCUI {
		return " /grpcui/"
	}
	return ""
}

// reach says from where the server can be called.
func reach(cfg *config.Config) string {
	switch {
	case cfg.TLS.Enabled():
		return "TLS"
	case cfg.Insecure:
		return "without TLS, because of --insecure: whoever is on the way can read tokens"
	}
	return "this machine only, without TLS (see --tls.cert_file and --insecure)"
}

// callers says who may call.
func callers(cfg *config.Config) string {
	switch {
	case cfg.Authz.PolicyFile != "":
		return "those of " + cfg.Authz.PolicyFile
	case cfg.AllowAdminWithoutPolicy:
		return "anyone, with the admin key as well"
	}
	who := "anyone"
	if cfg.TLS.ClientCAFile != "" {
		who = "anyone with a certificate of " + cfg.TLS.ClientCAFile
	}
	return who + ", but not with the admin key (see --authz.policy_file and --allow_admin_without_policy)"
}

// scheme is the facade's.
func scheme(cfg *config.Config) string {
	if cfg.TLS.Enabled() {
		return "https"
	}
	return "http"
}

// examples are commands that answer with data as long as the server runs. A
// test pastes each of them.
func examples(at server.Addresses, local *localKakao) []string {
	var token string
	for _, user := range local.credentials.Users {
		if token == "" {
			token = user.AccessToken
		}
	}
	// Kakao's coordinates of Gwanghwamun, where the sandbox's Seoul is.
	const x, y = "126.9769", "37.5759"
	bearer := `-H 'authorization: Bearer ` + token + `'`
	facade, rpc := "http://"+server.Reachable(at.HTTP), server.Reachable(at.GRPC)
	return []string{
		`curl -sS ` + bearer + ` '` + facade + `/user/v1/me'`,
		`curl -sS ` + bearer + ` '` + facade + `/user/v1/me/shipping_addresses'`,
		`curl -sS ` + bearer + ` '` + facade + `/user/v1/me/scopes'`,
		`curl -sS ` + bearer + ` '` + facade + `/talk/v1/friends'`,
		`curl -sS ` + bearer + ` '` + facade + `/talk/v1/messages:sendToMe' -H 'content-type: application/json' -d '{"template_object":{"text":{"text":"안녕하세요","link":{"web_url":"https://shop.example.com"}}}}'`,
		`curl -sS ` + bearer + ` -G '` + facade + `/calendar/v1/events' -d 'preset=EVENT_PRESET_THIS_MONTH'`,
		`curl -sS -G '` + facade + `/search/v1/books' --data-urlencode 'query=산책'`,
		`curl -sS -G '` + facade + `/local/v1/places:searchKeyword' --data-urlencode 'query=커피' -d 'x=` + x + `' -d 'y=` + y + `' -d 'radius=2000' -d 'sort=PLACE_SORT_DISTANCE'`,
		`curl -sS -G '` + facade + `/local/v1/addresses:search' --data-urlencode 'query=세종대로 14'`,
		`curl -sS -G '` + facade + `/local/v1/coordinates:transform' -d 'x=` + x + `' -d 'y=` + y + `' -d 'output_coord=COORDINATE_SYSTEM_WTM'`,
		`curl -sS -G '` + facade + `/auth/v1/authorize_url' --data-urlencode 'redirect_uri=` + local.server.CallbackURL() + `'`,
		`curl -sS 'http://` + server.Reachable(at.Ops) + `/readyz'`,
		`grpcurl -plaintext ` + rpc + ` list`,
		`grpcurl -plaintext ` + rpc + ` grpc.health.v1.Health/Check`,
		`grpcurl -plaintext ` + bearer + ` ` + rpc + ` kakao.user.v1.UserService/GetMe`,
		`grpcurl -plaintext -d '{"query":"커피","x":` + x + `,"y":` + y + `,"radius":2000}' ` + rpc + ` kakao.local.v1.LocalService/SearchKeyword`,
	}
}
