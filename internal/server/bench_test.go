package server

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/proto"

	localv1 "github.com/kakaorpc/kakaorpc/gen/kakao/local/v1"
	"github.com/kakaorpc/kakaorpc/internal/service"
	"github.com/kakaorpc/kakaorpc/internal/telemetry"
)

// BenchmarkFacade compares one JSON call through the facade, with its whole
// chain, to a plain gateway that reaches the same handlers, with the same
// chain, over a loopback socket.
func BenchmarkFacade(b *testing.B) {
	answer := &localv1.SearchKeywordResponse{Meta: &localv1.PlaceSearchMeta{}}
	for range 15 {
		answer.Documents = append(answer.Documents, &localv1.Place{PlaceName: "나래커피 광화문점", AddressName: "서울 종로구 세종로 156-7", X: 126.97, Y: 37.57})
	}
	s := scripted(func(context.Context, string, proto.Message) (proto.Message, error) { return answer, nil })
	cfg := testConfig(b, "http://127.0.0.1:1", "--log.level=error")
	tel, err := telemetry.New(b.Context(), telemetry.Options{Log: io.Discard, Level: "error", Format: "json"})
	if err != nil {
		b.Fatal(err)
	}
	tel.Logger = slog.New(slog.DiscardHandler)
	chain, err := newChain(cfg, tel, newGate(cfg, service.Descriptors()), service.Descriptors())
	if err != nil {
		b.Fatal(err)
	}
	back := backend{contract: service.Descriptors(), services: s}
	rpcStats := newRPCStats(tel, back.contract)

	b.Run("in-process", func(b *testing.B) {
		conn := newInProcess(chain, rpcStats, tel.Propagator)
		s.Register(conn)
		facade, err := newFacade(b.Context(), back, conn, tel, facadeOptions{maxBody: 1 << 20})
		if err != nil {
			b.Fatal(err)
		}
		benchmarkHandler(b, facade)
	})
	b.Run("gateway-over-loopback", func(b *testing.B) {
		server := grpc.NewServer(grpc.StatsHandler(rpcStats), grpc.UnaryInterceptor(chain))
		s.Register(server)
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			b.Fatal(err)
		}
		done := make(chan error, 1)
		go func() { done <- server.Serve(listener) }()
		conn, err := grpc.NewClient(listener.Addr().String(), grpc.WithTransportCredentials(insecure.NewCredentials()))
		if err != nil {
			b.Fatal(err)
		}
		defer func() {
			_ = conn.Close()
			server.Stop()
			<-done
		}()
		mux := runtime.NewServeMux()
		if err := s.RegisterFacade(b.Context(), mux, conn); err != nil {
			b.Fatal(err)
		}
		benchmarkHandler(b, mux)
	})
}

func benchmarkHandler(b *testing.B, handler http.Handler) {
	b.Helper()
	b.ReportAllocs()
	for b.Loop() {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/local/v1/places:searchKeyword?query=a&size=15", nil))
		if w.Code != http.StatusOK {
			b.Fatalf("%d %s", w.Code, w.Body)
		}
	}
}
