package config

import (
	"net"
	"slices"
)

// OpsAddr returns where the ops port of a server with the same sources is
// reached from the same machine, host:port. It is for whoever asks a running
// server how it is, and so has no eye for other keys: their files may be on
// their way to a new version, which the server takes or leaves without ending.
// The error says what is wrong with the key itself, or that the YAML file,
// which may set it, cannot be read.
func OpsAddr(in Input) (string, error) {
	l, err := newLoader(in)
	if err != nil {
		return "", err
	}
	settings, err := l.gather(in)
	if err != nil {
		return "", err
	}
	if where := l.given[configKey]; where != "" && l.path == "" {
		return "", &Error{Faults: slices.DeleteFunc(l.faults, func(f Fault) bool { return f.Where != where })}
	}
	l.faults = nil // those so far are of other keys
	for _, s := range settings {
		if s.name == opsAddrKey {
			l.apply(s)
		}
	}
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
