package config

import (
	"net"
	"slices"
)

// OpsAddr returns where the ops port of a server with the same sources is
// reached from the same machine, host:port. It is for whoever asks a running
// server how it is, and so has no eye for the values of other keys: their files
// may be on their way to a new version, which the server takes or leaves without
// ending. All else is refused as the server refuses it: the key itself may hide
// behind a name that nothing is called, or in a file that cannot be read, and
// whoever asks would then hear of another server.
func OpsAddr(in Input) (string, error) {
	l, err := newLoader(in)
	if err != nil {
		return "", err
	}
	settings, err := l.gather(in)
	if err != nil {
		return "", err
	}
	for _, s := range settings {
		if s.name == opsAddrKey {
			l.apply(s)
		}
	}
	l.faults = slices.DeleteFunc(l.faults, func(f Fault) bool { return f.value != "" && f.value != opsAddrKey })
	if len(l.faults) > 0 {
		return "", &Error{Faults: l.faults}
	}
	host, port, err := net.SplitHostPort(l.config.Ops.Addr)
	if err != nil {
		return "", err
	}
	if ip := net.ParseIP(host); host == "" || (ip != nil && ip.IsUnspecified()) {
		host = loopback
	}
	return net.JoinHostPort(host, port), nil
}
