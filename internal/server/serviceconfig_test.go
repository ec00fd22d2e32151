package server

import (
	"bytes"
	"context"
	"os"
	"strings"
	"sync"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	_ "google.golang.org/grpc/health" // clients watch health where it is linked in
	"google.golang.org/protobuf/proto"

	errorv1 "github.com/kakaorpc/kakaorpc/gen/kakao/error/v1"
	"github.com/kakaorpc/kakaorpc/internal/errorsx"
	"github.com/kakaorpc/kakaorpc/internal/service"
)

func TestTheServiceConfigInTheRepositoryIsCurrent(t *testing.T) {
	stands, err := os.ReadFile("../../clients/service-config.json")
	if err != nil {
		t.Fatal(err)
	}
	if current, err := ServiceConfig(); err != nil || !bytes.Equal(stands, current) {
		t.Errorf("clients/service-config.json is not what the contract says (%v); make generate writes it", err)
	}
}

// TestClientsRepeatReadsAndNothingElse calls every rpc with the service config
// on a server that is unavailable at first.
func TestClientsRepeatReadsAndNothingElse(t *testing.T) {
	var mutex sync.Mutex
	attempts := map[string]int{}
	r := startScripted(t, func(_ context.Context, rpc string, _ proto.Message) (proto.Message, error) {
		mutex.Lock()
		defer mutex.Unlock()
		if attempts[rpc]++; attempts[rpc] == 1 {
			return nil, errorsx.New(errorv1.Reason_REASON_SERVER_UNAVAILABLE, "")
		}
		return nil, nil
	})
	config, err := ServiceConfig()
	if err != nil {
		t.Fatal(err)
	}
	reads, writes := 0, 0
	for method := range methodsOf(service.Descriptors()) {
		// Each on a connection of its own: throttling counts across calls.
		conn, err := grpc.NewClient(r.conn.Target(), grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithDefaultServiceConfig(string(config)))
		if err != nil {
			t.Fatal(err)
		}
		name := fullMethod(method)
		err = conn.Invoke(t.Context(), name, newMessage(method.Input()), newMessage(method.Output()))
		_ = conn.Close()
		if grpcReason(err) == "REQUEST_INVALID" {
			continue // the empty request breaks a rule; another rpc of the kind does not
		}
		mutex.Lock()
		made := attempts[name]
		mutex.Unlock()
		switch {
		case isRead(method) && (made != 2 || err != nil):
			t.Errorf("the read %s was made %d times: %v", name, made, err)
		case !isRead(method) && (made != 1 || grpcReason(err) != "SERVER_UNAVAILABLE"):
			t.Errorf("the write %s was made %d times: %v", name, made, err)
		}
		if isRead(method) {
			reads++
		} else {
			writes++
		}
	}
	if reads == 0 || writes == 0 {
		t.Errorf("%d reads and %d writes were made", reads, writes)
	}
	t.Logf("service config: %d reads repeated, %d writes not", reads, writes)
}

func TestTheServiceConfigNamesReadsAlone(t *testing.T) {
	config, err := ServiceConfig()
	if err != nil {
		t.Fatal(err)
	}
	for method := range methodsOf(service.Descriptors()) {
		entry := `"service": "` + string(method.Parent().FullName()) + `",
          "method": "` + string(method.Name()) + `"`
		if strings.Contains(string(config), entry) != isRead(method) {
			t.Errorf("%s: a read: %t; in the config: %t", method.FullName(), isRead(method), !isRead(method))
		}
	}
	if !strings.Contains(string(config), `"`+strings.ToUpper(codes.Unavailable.String())+`"`) {
		t.Error("nothing is repeated on UNAVAILABLE")
	}
}
