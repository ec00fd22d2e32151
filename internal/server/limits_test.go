package server

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	karlov1 "github.com/kakaorpc/kakaorpc/gen/kakao/karlo/v1"
	userv1 "github.com/kakaorpc/kakaorpc/gen/kakao/user/v1"
	"github.com/kakaorpc/kakaorpc/internal/config"
	"github.com/kakaorpc/kakaorpc/internal/service"
)

func TestAnRPCHasTheTimeThatTheContractGivesIt(t *testing.T) {
	d := config.Deadline{
		Read: config.Bound{Default: 5 * time.Second, Max: 15 * time.Second}, Write: config.Bound{Default: 10 * time.Second, Max: 30 * time.Second},
	}
	const generate = "/kakao.karlo.v1.KarloService/GenerateImage"
	for caller, want := range map[time.Duration]time.Duration{0: 2 * time.Minute, time.Minute: time.Minute, time.Hour: 2 * time.Minute} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := t.Context(), context.CancelFunc(func() {})
			if caller > 0 {
				ctx, cancel = context.WithTimeout(ctx, caller)
			}
			defer cancel()
			_, err := deadlines(d, service.Descriptors())(ctx, nil, &grpc.UnaryServerInfo{FullMethod: generate}, func(ctx context.Context, _ any) (any, error) {
				if deadline, _ := ctx.Deadline(); time.Until(deadline) != want {
					t.Errorf("a caller with %v: the handler has %v, want %v", caller, time.Until(deadline), want)
				}
				return nil, nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	if longest := longestCall(d, service.Descriptors()); longest != 2*time.Minute {
		t.Errorf("the longest call is %v", longest)
	}
	if longest := longestCall(d, nil); longest != 30*time.Second {
		t.Errorf("the longest call without a contract is %v", longest)
	}
}

// TestTheConnectionOutlivesTheLongestCall: net/http would cut the answer off. Where
// Karlo is switched off, its two minutes bind nobody.
func TestTheConnectionOutlivesTheLongestCall(t *testing.T) {
	for flag, longest := range map[string]time.Duration{"--karlo.enabled": 2 * time.Minute, "--karlo.enabled=false": 30 * time.Second} {
		server, err := Build(testConfig(t, "http://127.0.0.1:1", flag), &lockedBuffer{})
		if err != nil {
			t.Fatal(err)
		}
		_ = server.listeners.close()
		if room := server.facade.WriteTimeout - server.facade.ReadTimeout; room < longest || room > longest+time.Minute {
			t.Errorf("%s: a request may take %v to arrive and its answer is cut off after %v", flag, server.facade.ReadTimeout, server.facade.WriteTimeout)
		}
	}
}

// TestWhatIsSwitchedOffTakesNoRoom: without Karlo no request is larger than those of
// other services, and the body of one that is for Karlo is not read.
func TestWhatIsSwitchedOffTakesNoRoom(t *testing.T) {
	r := startScripted(t, func(context.Context, string, proto.Message) (proto.Message, error) { return nil, nil }, "--karlo.enabled=false")
	_, err := karlov1.NewKarloServiceClient(r.conn).MakeVariation(t.Context(), &karlov1.MakeVariationRequest{Image: make([]byte, 17<<20)})
	if status.Code(err) != codes.ResourceExhausted {
		t.Errorf("17 MiB over gRPC: %v", err)
	}
	code, _, answer := r.do(http.MethodPost, "/karlo/v1/images:makeVariation", `{"nonsense":1}`, nil)
	if code != http.StatusNotImplemented || parseFailure(t, answer).reason() != "KAKAO_API_TERMINATED" {
		t.Errorf("a body that would be refused: %d %s", code, answer)
	}
}

func TestARequestOverItsLimitIsRefused(t *testing.T) {
	r := startScripted(t, func(context.Context, string, proto.Message) (proto.Message, error) { return nil, nil },
		"--grpc.max_request_bytes=64KiB", "--http.max_body_bytes=128KiB", "--karlo.enabled")
	consent, karlo := userv1.NewConsentServiceClient(r.conn), karlov1.NewKarloServiceClient(r.conn)
	revoke := func(size int) error {
		_, err := consent.RevokeScopes(t.Context(), &userv1.RevokeScopesRequest{Scopes: []string{strings.Repeat("a", size)}})
		return err
	}
	vary := func(image, prompt int) error {
		_, err := karlo.MakeVariation(t.Context(), &karlov1.MakeVariationRequest{Image: make([]byte, image), NegativePrompt: proto.String(strings.Repeat("a", prompt))})
		return err
	}
	check := func(sizes ...int) error {
		request := &karlov1.CheckImagesRequest{}
		for _, size := range sizes {
			request.Images = append(request.Images, make([]byte, size))
		}
		_, err := karlo.CheckImages(t.Context(), request)
		return err
	}
	const mebi = 1 << 20
	for title, row := range map[string]struct {
		err    error
		code   codes.Code
		reason string
	}{
		"a usual rpc within the server's limit": {revoke(63 << 10), codes.OK, ""},
		"a usual rpc over it":                   {revoke(65 << 10), codes.InvalidArgument, "BODY_TOO_LARGE"},
		"one image":                             {vary(2*mebi, 256), codes.OK, ""},
		"one image and as much of other things": {vary(2*mebi, 2*mebi), codes.InvalidArgument, "BODY_TOO_LARGE"},
		"eight images":                          {check(2*mebi, 2*mebi, 2*mebi, 2*mebi, 2*mebi, 2*mebi, 2*mebi, 2*mebi), codes.OK, ""},
		// What no rpc takes is gRPC's to refuse, before it is read.
		"twelve images": {check(2*mebi, 2*mebi, 2*mebi, 2*mebi, 2*mebi, 2*mebi, 2*mebi, 2*mebi, 2*mebi, 2*mebi, 2*mebi, 2*mebi), codes.ResourceExhausted, ""},
	} {
		if status.Code(row.err) != row.code || grpcReason(row.err) != row.reason {
			t.Errorf("%s: %v %s, want %s %s", title, row.err, grpcReason(row.err), row.code, row.reason)
		}
	}
	body := func(member string, value any) string {
		text, err := json.Marshal(map[string]any{member: value})
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	image := base64.StdEncoding.EncodeToString(make([]byte, 2*mebi))
	for title, row := range map[string]struct {
		path, body string
		code       int
		reason     string
	}{
		// The limit of gRPC is not the facade's.
		"a usual rpc within the facade's limit": {"/user/v1/me/scopes:revoke", body("scopes", []string{strings.Repeat("a", 100<<10)}), 200, ""},
		"a usual rpc over it":                   {"/user/v1/me/scopes:revoke", body("scopes", []string{strings.Repeat("a", 129<<10)}), 413, "BODY_TOO_LARGE"},
		"one image":                             {"/karlo/v1/images:makeVariation", body("image", image), 200, ""},
		"an image in spaces":                    {"/karlo/v1/images:makeVariation", strings.Repeat(" ", 100<<10) + body("image", image), 413, "BODY_TOO_LARGE"},
		"eight images":                          {"/karlo/v1/images:check", body("images", []string{image, image, image, image, image, image, image, image}), 200, ""},
	} {
		for framing, reader := range map[string]io.Reader{"declared": strings.NewReader(row.body), "chunked": io.MultiReader(strings.NewReader(row.body))} {
			code, _, answer := r.send(http.MethodPost, row.path, reader, nil)
			if code != row.code || (row.reason != "" && parseFailure(t, answer).reason() != row.reason) {
				t.Errorf("%s, %s: %d %.300s, want %d %s", title, framing, code, answer, row.code, row.reason)
			}
		}
	}
}

func TestKarloIsEndedUnlessTheConfigurationSaysOtherwise(t *testing.T) {
	var asked atomic.Int32
	kakao := func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"id":"a","model_version":"2.1.0","images":[]}`))
	}
	for flag, want := range map[string]int32{"--karlo.enabled=false": 0, "--karlo.enabled": 2} {
		asked.Store(0)
		r := start(t, kakao, flag)
		_, err := karlov1.NewKarloServiceClient(r.conn).GenerateImage(t.Context(), &karlov1.GenerateImageRequest{Prompt: "a lamp"})
		code, _, body := r.do(http.MethodPost, "/karlo/v1/images:generate", `{"prompt":"a lamp"}`, nil)
		if asked.Load() != want {
			t.Errorf("%s: Kakao was asked %d times, want %d", flag, asked.Load(), want)
		}
		if want > 0 {
			if err != nil || code != http.StatusOK {
				t.Errorf("%s: %v; %d %s", flag, err, code, body)
			}
			continue
		}
		if status.Code(err) != codes.Unimplemented || grpcReason(err) != "KAKAO_API_TERMINATED" {
			t.Errorf("%s over gRPC: %v %s", flag, err, grpcReason(err))
		}
		if code != http.StatusNotImplemented || parseFailure(t, body).reason() != "KAKAO_API_TERMINATED" {
			t.Errorf("%s over the facade: %d %s", flag, code, body)
		}
	}
}
