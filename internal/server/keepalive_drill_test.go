//go:build drill

package server

import (
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/connectivity"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/peer"

	userv1 "github.com/kakaorpc/kakaorpc/gen/kakao/user/v1"
)

// TestDrillKeepaliveOfAnIdleClient has a client ping as often as gRPC's clients
// do at most, for 40 s without a call: its connection lives on.
func TestDrillKeepaliveOfAnIdleClient(t *testing.T) {
	e := startEdge(t, "")
	conn, err := grpc.NewClient(e.conn.Target(), grpc.WithTransportCredentials(credentials.NewTLS(e.tls(t, frontCaller))),
		grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: 10 * time.Second, Timeout: 5 * time.Second, PermitWithoutStream: true}))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	call := func() string {
		var to peer.Peer
		if _, err := userv1.NewUserServiceClient(conn).GetMe(t.Context(), &userv1.GetMeRequest{}, grpc.Peer(&to)); err != nil {
			t.Fatal(err)
		}
		return to.LocalAddr.String()
	}
	first := call()
	for range 40 {
		time.Sleep(time.Second)
		if state := conn.GetState(); state != connectivity.Ready {
			t.Fatalf("the connection is %s", state)
		}
	}
	if again := call(); again != first {
		t.Errorf("the client had to connect again, from %s and then %s", first, again)
	}
	t.Log("keepalive: a client that pings every 10 s kept its idle connection for 40 s")
}
