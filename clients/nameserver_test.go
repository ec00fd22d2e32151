//go:build clients

package clients_test

import (
	"net"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

// nameServer answers that a name has these IPv4 addresses, and returns where
// it can be asked.
func nameServer(t *testing.T, name string, addresses ...string) string {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		buffer := make([]byte, 512)
		for {
			n, from, err := conn.ReadFrom(buffer)
			if err != nil {
				return // closed
			}
			if answer := resolve(buffer[:n], name, addresses); answer != nil {
				_, _ = conn.WriteTo(answer, from)
			}
		}
	}()
	t.Cleanup(func() {
		_ = conn.Close()
		<-ended
	})
	return conn.LocalAddr().String()
}

// resolve answers one question; what is no question has no answer.
func resolve(question []byte, name string, addresses []string) []byte {
	var message dnsmessage.Message
	if message.Unpack(question) != nil || len(message.Questions) != 1 {
		return nil
	}
	asked := message.Questions[0]
	message.Response, message.Authoritative, message.Additionals = true, true, nil
	switch {
	case asked.Name.String() != name+".":
		message.RCode = dnsmessage.RCodeNameError
	case asked.Type == dnsmessage.TypeA:
		for _, address := range addresses {
			body := &dnsmessage.AResource{A: [4]byte(net.ParseIP(address).To4())}
			header := dnsmessage.ResourceHeader{Name: asked.Name, Class: dnsmessage.ClassINET, TTL: 1}
			message.Answers = append(message.Answers, dnsmessage.Resource{Header: header, Body: body})
		}
	}
	answer, err := message.Pack()
	if err != nil {
		return nil
	}
	return answer
}
