package e2e

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	calendarv1 "github.com/kakaorpc/kakaorpc/gen/kakao/calendar/v1"
	localv1 "github.com/kakaorpc/kakaorpc/gen/kakao/local/v1"
	searchv1 "github.com/kakaorpc/kakaorpc/gen/kakao/search/v1"
	talkv1 "github.com/kakaorpc/kakaorpc/gen/kakao/talk/v1"
	userv1 "github.com/kakaorpc/kakaorpc/gen/kakao/user/v1"
	"github.com/kakaorpc/kakaorpc/internal/sandbox"
	"github.com/kakaorpc/kakaorpc/internal/tlsfiles/tlstest"
)

// busyServer is a server to which everything happens that telemetry can show:
// it speaks TLS, reads a key from a file, keeps answers, and has narrow limits.
type busyServer struct {
	*runningServer
	sandbox string // its URL
	keyFile string
	mina    caller
	round   int
}

func startBusy(t *testing.T, environment map[string]string) *busyServer {
	t.Helper()
	url, keys := startSandbox(t, sandbox.Options{})
	folder := t.TempDir()
	authority := tlstest.NewAuthority(t, "telemetry")
	own := authority.Issue(t, tlstest.Leaf{}).Write(t, folder, "server")
	b := &busyServer{sandbox: url, keyFile: filepath.Join(folder, "admin-key-2"), mina: caller{Token: keys.Users[0].AccessToken}}
	b.writeKey(t, keys.SecondAdminKey)
	variables := map[string]string{
		"KAKAORPC_APPS_DEFAULT_CLIENT_SECRET": keys.ClientSecret, "KAKAORPC_APPS_DEFAULT_ADMIN_KEY_2_FILE": b.keyFile,
		"KAKAORPC_TLS_CERT_FILE": own.Cert, "KAKAORPC_TLS_KEY_FILE": own.Key, "KAKAORPC_RELOAD_INTERVAL": "10ms",
		"KAKAORPC_RETRY_ATTEMPTS": "3", "KAKAORPC_RETRY_BUDGET_PERCENT": "100", "KAKAORPC_BREAKER_FAILURES": "5", "KAKAORPC_BREAKER_DELAY": "1h",
		"KAKAORPC_CONCURRENCY_LIMIT": "2", "KAKAORPC_CACHE_LIFE": "1h",
	}
	maps.Copy(variables, environment)
	plain := startServer(t, url, variables)
	plain.watch.secret(keys.ClientSecret, keys.SecondAdminKey, b.mina.Token)
	b.runningServer = plain.as(t, authority, nil)
	b.ops, b.collector, b.log = plain.ops, plain.collector, plain.log
	return b
}

func (b *busyServer) writeKey(t *testing.T, text string) {
	t.Helper()
	if err := os.WriteFile(b.keyFile, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// control asks the sandbox for something that a person or a bad day would do.
func (b *busyServer) control(t *testing.T, path, body string) {
	t.Helper()
	response, err := http.Post(b.sandbox+"/__sandbox__/"+path, "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if answer, _ := io.ReadAll(response.Body); response.StatusCode != http.StatusOK {
		t.Fatalf("the sandbox refuses %s %s: %s", path, body, answer)
	}
}

// try calls an rpc over one of the transports, whatever comes of it.
func (b *busyServer) try(t *testing.T, transport string, rpc protoreflect.FullName, who caller, request, response proto.Message) error {
	t.Helper()
	descriptor, err := protoregistry.GlobalFiles.FindDescriptorByName(rpc)
	if err != nil {
		t.Fatal(err)
	}
	return b.transports()[transport](t, descriptor.(protoreflect.MethodDescriptor), who, request, response)
}

// live has one round of everything happen. The breaker of Kakao Talk is open
// after the first; every other round is like the one before.
func (b *busyServer) live(t *testing.T) {
	t.Helper()
	b.round++
	for _, transport := range []string{"JSON", "gRPC"} {
		b.reads(t, transport)
		b.faults(t, transport)
	}
	_ = b.get(t, b.ops+"/readyz")
	b.together(t)
	b.files(t)
}

// reads are calls that succeed; the second of each is answered from the cache
// where there is one.
func (b *busyServer) reads(t *testing.T, transport string) {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Errorf("over %s: %v", transport, err)
		}
	}
	for range 2 {
		must(b.try(t, transport, userService+"GetMe", b.mina, &userv1.GetMeRequest{}, &userv1.GetMeResponse{}))
		must(b.try(t, transport, localService+"SearchKeyword", caller{}, &localv1.SearchKeywordRequest{Query: "카페"}, &localv1.SearchKeywordResponse{}))
		must(b.try(t, transport, "kakao.search.v1.SearchService.SearchBooks", caller{},
			&searchv1.SearchBooksRequest{Query: fmt.Sprint("책 ", b.round, transport)}, &searchv1.SearchBooksResponse{}))
		must(b.try(t, transport, "kakao.calendar.v1.CalendarService.ListCalendars", b.mina, &calendarv1.ListCalendarsRequest{}, &calendarv1.ListCalendarsResponse{}))
	}
}

const (
	jsonFault    = `{"route":"GET /v2/user/me","http":{"status":%d,"content_type":"application/json","body":%q,"headers":{%s}}}`
	productFault = `{"route":%q,"kakao_error":{"code":%s,"message":%q}}`
)

// faults are calls that fail, each in a way of its own, and one that is mended
// by a repetition.
func (b *busyServer) faults(t *testing.T, transport string) {
	t.Helper()
	me := func(who caller) {
		_ = b.try(t, transport, userService+"GetMe", who, &userv1.GetMeRequest{}, &userv1.GetMeResponse{})
	}
	for _, fault := range []string{
		fmt.Sprintf(jsonFault, 502, "", ""),                                                // repeated
		fmt.Sprintf(jsonFault, 503, "", `"Retry-After":"100"`),                             // not repeated for want of time
		fmt.Sprintf(jsonFault, 200, `{"id":1,"a_member_of_tomorrow":true}`, ""),            // Kakao has changed
		fmt.Sprintf(jsonFault, 400, `{"code":-777777,"msg":"a code of tomorrow"}`, ""),     // likewise
		fmt.Sprintf(jsonFault, 200, "<html>", ""),                                          // not Kakao's
		fmt.Sprintf(productFault, "GET /v2/user/me", "-402", "insufficient scopes."),       // the user's
		fmt.Sprintf(productFault, "GET /v2/user/me", "-401", "ip mismatched! callerIp=…."), // the user's token: no fault of the operator
	} {
		b.control(t, "faults", fault)
		me(b.mina)
	}
	me(caller{Token: "test-access-token-unknown-0000000000000000"})
	me(caller{})
	_ = b.try(t, transport, localService+"SearchKeyword", caller{}, &localv1.SearchKeywordRequest{}, &localv1.SearchKeywordResponse{})
	// The operator's: keys, address, quota.
	for _, message := range []string{"ip mismatched! callerIp=192.0.2.1. check out registered ips.", "appKey(7e577e57) is already deactivated"} {
		b.control(t, "faults", fmt.Sprintf(productFault, "GET /v1/user/ids", "-401", message))
		b.control(t, "faults", fmt.Sprintf(productFault, "GET /v1/user/ids", "-401", message))
		_ = b.try(t, transport, adminService+"ListUserIds", caller{}, &userv1.ListUserIdsRequest{}, &userv1.ListUserIdsResponse{})
	}
	b.control(t, "faults", fmt.Sprintf(productFault, "GET /v2/api/calendar/calendars", "-10", "API limit has been exceeded."))
	_ = b.try(t, transport, "kakao.calendar.v1.CalendarService.ListCalendars", b.mina, &calendarv1.ListCalendarsRequest{}, &calendarv1.ListCalendarsResponse{})
	b.control(t, "faults", `{"route":"GET /v2/search/blog","throttle":{}}`)
	_ = b.try(t, transport, "kakao.search.v1.SearchService.SearchBlogs", caller{}, &searchv1.SearchBlogsRequest{Query: fmt.Sprint("글", b.round)}, &searchv1.SearchBlogsResponse{})
	// A product that is down.
	b.control(t, "faults", `{"route":"GET /v1/api/talk/profile","times":10,"http":{"status":503}}`)
	for range 3 {
		_ = b.try(t, transport, "kakao.talk.v1.TalkService.GetProfile", b.mina, &talkv1.GetProfileRequest{}, &talkv1.GetProfileResponse{})
	}
	// Paths and methods that nobody has.
	for _, method := range []string{http.MethodGet, "BREW"} {
		request, err := http.NewRequestWithContext(t.Context(), method, b.facade+"/nothing/here", nil)
		if err != nil {
			t.Fatal(err)
		}
		response, err := b.client.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
	}
}

// together makes calls at one time: equal ones share a request, others are more
// than the limit of their host lets through.
func (b *busyServer) together(t *testing.T) {
	t.Helper()
	const slow = `{"route":%q,"times":%d,"delay_before_headers_ms":300}`
	var group sync.WaitGroup
	b.control(t, "faults", fmt.Sprintf(slow, "GET /v2/user/me", 1))
	for range 4 {
		group.Go(func() {
			_ = b.try(t, "gRPC", userService+"GetMe", b.mina, &userv1.GetMeRequest{}, &userv1.GetMeResponse{})
		})
	}
	b.control(t, "faults", fmt.Sprintf(slow, "GET /v2/local/search/address.{format}", 8))
	for i := range 12 {
		group.Go(func() {
			_ = b.try(t, "gRPC", localService+"SearchAddress", caller{}, &localv1.SearchAddressRequest{Query: fmt.Sprint("길 ", b.round, i)}, &localv1.SearchAddressResponse{})
		})
	}
	group.Wait()
	b.control(t, "faults", fmt.Sprintf(slow, "GET /v2/local/search/address.{format}", 1)) // what is left over of the delays fires in the next round
}

// files changes the key file to something that is no key, and leaves it so.
func (b *busyServer) files(t *testing.T) {
	t.Helper()
	b.writeKey(t, fmt.Sprintf("7e577e577e577e577e577e577e%06d", b.round))
	until(t, "the new key is in force", func() bool { return b.metric(t, "kakaorpc_reload_stale") == 0 })
	b.writeKey(t, "no key\x01")
	until(t, "the broken file is noticed", func() bool { return b.metric(t, "kakaorpc_reload_stale") == 1 })
}
