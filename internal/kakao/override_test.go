package kakao_test

import (
	"context"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/kakaorpc/kakaorpc/internal/kakao"
	enginetestv1 "github.com/kakaorpc/kakaorpc/internal/kakao/enginetest/v1"
)

// answerQuery is an override that builds the address instead of calling it.
func answerQuery(_ context.Context, client *kakao.Client, caller kakao.Caller, request *enginetestv1.QueryRequest) (*enginetestv1.QueryResponse, error) {
	address, err := client.URL(engineService+"Query", caller, request)
	if err != nil {
		return nil, err
	}
	return &enginetestv1.QueryResponse{Text: address.RequestURI()}, nil
}

func TestOverrideStandsInForTheCall(t *testing.T) {
	e := newEngine(t, func(config *kakao.Config) {
		config.Overrides = map[protoreflect.FullName]kakao.Override{engineService + "Query": kakao.NewOverride(answerQuery)}
	}, respond(`{}`))
	response, err := e.call(t, "Query", kakao.Caller{}, &enginetestv1.QueryRequest{Text: proto.String("나")})
	if err != nil {
		t.Fatal(err)
	}
	if got := response.(*enginetestv1.QueryResponse).GetText(); got != "/v1/query?text=%EB%82%98" {
		t.Errorf("address %q", got)
	}
	if len(e.received) != 0 {
		t.Errorf("%d requests reached Kakao", len(e.received))
	}
}
