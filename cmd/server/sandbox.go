package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/commandline"
	"github.com/kakaorpc/kakaorpc/internal/sandbox"
	"github.com/kakaorpc/kakaorpc/internal/site"
)

var sandboxCommand = commandline.Command{
	Name:  "sandbox",
	About: "run the local Kakao alone",
	Text: []string{
		"A stateful local Kakao, for a server elsewhere or for tests of anything else that speaks to Kakao. It prints its keys, its people with their test tokens, and the variables of a server that uses it; in a browser it is a page.",
		"server --sandbox runs it inside the server.",
	},
	Flags: []commandline.Flag{
		{Name: "addr", Value: "ADDRESS", Default: "127.0.0.1:9900", Doc: "address of this machine to listen on; port 0 takes any free one"},
		{
			Name: "expose", Bare: true, Default: "false",
			Doc: "let --addr be reachable from other machines: in a container, whose ports are published to this machine only",
		},
	},
}

// closeTimeout bounds how long calls in progress may hold up the end of the
// sandbox.
const closeTimeout = 2 * time.Second

// runSandbox runs the local Kakao alone, for a server elsewhere or for a test
// of something else that speaks to Kakao.
func runSandbox(ctx context.Context, p process) error {
	options := sandbox.Options{AllowNonLoopback: p.given.On("expose")}
	local, err := startSandbox(p.given.Flags["addr"], options) //nolint:contextcheck // it lives until stop
	if err != nil {
		return fmt.Errorf("%w (--addr names another address)", err)
	}
	defer local.stop(context.WithoutCancel(ctx))
	if err := local.introduce(p.stdout); err != nil {
		return err
	}
	select {
	case <-ctx.Done():
		return nil
	case err := <-local.ended:
		return err
	}
}

// localKakao is a sandbox that listens.
type localKakao struct {
	server      *sandbox.Server
	credentials sandbox.Credentials
	ended       chan error
}

func startSandbox(addr string, options sandbox.Options) (*localKakao, error) {
	kakao, err := sandbox.New(options)
	if err != nil {
		return nil, err
	}
	server, err := kakao.Start(addr)
	if err != nil {
		return nil, err
	}
	local := &localKakao{server: server, credentials: kakao.Credentials(), ended: make(chan error, 1)}
	go func() { local.ended <- server.Wait() }()
	return local, nil
}

func (k *localKakao) stop(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, closeTimeout)
	defer cancel()
	_ = k.server.Close(ctx) // the process ends; there is nobody left to tell
}

// forPages is what the server's pages tell of the sandbox.
func (k *localKakao) forPages() site.Sandbox {
	about := site.Sandbox{URL: k.server.URL()}
	for _, user := range k.credentials.Users {
		about.People = append(about.People, site.Person{Name: user.Name, About: user.About, Token: user.AccessToken})
	}
	return about
}

// introduce prints the keys, and how to point a server here.
func (k *localKakao) introduce(w io.Writer) error {
	c := k.credentials
	page := text{}
	page.line("A local Kakao is at %s; it is a page in a browser, too.", k.server.URL())
	page.line("")
	page.line("REST API key   %s", c.RESTKey)
	page.line("Admin key      %s", c.AdminKey)
	page.line("Client secret  %s", c.ClientSecret)
	page.line("Redirect URIs  %s", strings.Join(c.RedirectURIs, " "))
	page.line("")
	page.people(c)
	page.line("")
	page.line("A server that uses it:")
	page.line("")
	page.line("KAKAORPC_KAKAO_BASE_URL=%s KAKAORPC_KARLO_ENABLED=true KAKAORPC_ALLOW_ADMIN_WITHOUT_POLICY=true KAKAORPC_GRPC_REFLECTION=true KAKAORPC_APPS_DEFAULT_REST_API_KEY=%s KAKAORPC_APPS_DEFAULT_ADMIN_KEY=%s KAKAORPC_APPS_DEFAULT_CLIENT_SECRET=%s go run ./cmd/server",
		k.server.URL(), c.RESTKey, c.AdminKey, c.ClientSecret)
	return page.print(w)
}
