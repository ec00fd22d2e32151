package main

import (
	"context"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestTheServerEndsWithItsSandbox: without, it would stay up, say that it is ready
// and answer errors. Only Linux ends a listener
// from outside.
func TestTheServerEndsWithItsSandbox(t *testing.T) {
	var stdout, stderr buffer
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	ended := make(chan error, 1)
	go func() {
		ended <- serve(ctx, process{args: append(loopback, "--sandbox"), stdout: &stdout, stderr: &stderr})
	}()
	for !strings.Contains(stdout.String(), "(grpcurl") && ctx.Err() == nil {
		time.Sleep(5 * time.Millisecond)
	}
	at, err := url.Parse(after(stdout.String(), "sandbox"))
	if err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-ended:
		t.Fatalf("the server ends while the sandbox is up: %v", err)
	default:
	}
	if !endListener(at.Port()) {
		t.Fatalf("no listener at port %s:\n%s", at.Port(), stdout.String())
	}
	if err := <-ended; err == nil || !strings.Contains(err.Error(), "the sandbox has ended: ") || ctx.Err() != nil {
		t.Errorf("the server ended with %v", err)
	}
}

// endListener makes the next Accept of this process at a port of loopback fail.
func endListener(port string) (found bool) {
	const most = 1024
	for fd := range most {
		name, err := syscall.Getsockname(fd)
		at, ok := name.(*syscall.SockaddrInet4)
		if err != nil || !ok || strconv.Itoa(at.Port) != port {
			continue
		}
		if listens, err := syscall.GetsockoptInt(fd, syscall.SOL_SOCKET, syscall.SO_ACCEPTCONN); err == nil && listens == 1 {
			found = syscall.Shutdown(fd, syscall.SHUT_RD) == nil || found
		}
	}
	return found
}
