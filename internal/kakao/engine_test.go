package kakao_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	apiv1 "github.com/kakaorpc/kakaorpc/gen/kakao/api/v1"
	"github.com/kakaorpc/kakaorpc/internal/errorsx"
	"github.com/kakaorpc/kakaorpc/internal/kakao"
	enginetestv1 "github.com/kakaorpc/kakaorpc/internal/kakao/enginetest/v1"
	"github.com/kakaorpc/kakaorpc/internal/secret"
)

// Test keys and tokens; each can be told from the others in a failure.
const (
	restKey      = "7e577e577e577e577e577e577e570001"
	adminKey     = "7e577e577e577e577e577e577e570002"
	clientSecret = "test-client-secret-000000000000000"
	userToken    = "test-access-token-000000000000000000000000000000000000"
)

const engineService protoreflect.FullName = "enginetest.v1.EngineService."

// engine is a client of the engine's test contract in front of one handler.
type engine struct {
	*kakao.Client
	received []received
}

// received is a request as it came in.
type received struct {
	method, path, query, contentType, authorization, body string
	header                                                http.Header
}

// newEngine starts a server that records each request and lets answer answer.
func newEngine(t *testing.T, configure func(*kakao.Config), answer http.HandlerFunc) *engine {
	t.Helper()
	e := &engine{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Errorf("reading the request: %v", err)
		}
		e.received = append(e.received, received{
			method: r.Method, path: r.URL.EscapedPath(), query: r.URL.RawQuery, header: r.Header,
			contentType: r.Header.Get("Content-Type"), authorization: r.Header.Get("Authorization"), body: string(body),
		})
		answer(w, r)
	}))
	t.Cleanup(server.Close)
	base, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	config := kakao.Config{
		Hosts: map[apiv1.Host]*url.URL{apiv1.Host_HOST_KAPI: base},
		App: func(name string) (kakao.App, bool) {
			return kakao.App{
				RESTAPIKey: secret.New(restKey), AdminKey: secret.New(adminKey), ClientSecret: secret.New(clientSecret),
			}, name == kakao.DefaultApp
		},
	}
	if configure != nil {
		configure(&config)
	}
	e.Client, err = kakao.New(config, enginetestv1.File_enginetest_v1_enginetest_proto.Services().Get(0))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// respond answers every request with the same JSON.
func respond(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json;charset=UTF-8")
		_, _ = io.WriteString(w, body)
	}
}

func (e *engine) call(t *testing.T, rpc string, caller kakao.Caller, request proto.Message) (proto.Message, error) {
	t.Helper()
	return e.Call(context.Background(), engineService+protoreflect.FullName(rpc), caller, request)
}

// last returns the only request that came in since the last time.
func (e *engine) last(t *testing.T) received {
	t.Helper()
	if len(e.received) != 1 {
		t.Fatalf("%d requests reached Kakao, want 1", len(e.received))
	}
	request := e.received[0]
	e.received = nil
	return request
}

// failure returns the engine's error and fails the test for any other.
func failure(t *testing.T, err error) *errorsx.Error {
	t.Helper()
	var failed *errorsx.Error
	if !errors.As(err, &failed) {
		t.Fatalf("error is %T (%v), want *errorsx.Error", err, err)
	}
	return failed
}
