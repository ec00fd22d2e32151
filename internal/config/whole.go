package config

import (
	"fmt"
	"maps"
	"net"
	"slices"
	"strings"
	"time"
)

// checkWhole looks at what no single key can tell.
func (l *loader) checkWhole() {
	l.checkEdge()
	if l.config.Sandbox {
		l.withSandbox()
	}
	l.checkDeadlines()
	l.checkAddresses()
}

// withSandbox sets what is otherwise with a sandbox, and refuses what cannot go
// together with one.
func (l *loader) withSandbox() {
	for _, n := range slices.Sorted(maps.Keys(l.given)) {
		if n == baseURLKey || strings.HasPrefix(string(n), "kakao.hosts.") {
			l.fault(l.given[n], "cannot go together with sandbox, which stands in place of every Kakao host; give one of the two")
		}
	}
	if l.given[graceKey] == "" {
		l.config.Shutdown.Grace = 0
	}
	if l.given[karloKey] == "" {
		l.config.Karlo.Enabled = true
	}
	if l.given[successPercentKey] == "" {
		l.config.Log.SuccessPercent = 100
	}
}

const (
	floorKey name = "deadline.floor"
	shaveKey name = "deadline.shave"
)

// checkDeadlines holds that no call is refused, or left without time, whatever
// its caller does.
func (l *loader) checkDeadlines() {
	d := l.config.Deadline
	for _, class := range []struct {
		usual, most name
		bound       Bound
	}{{"deadline.read.default", "deadline.read.max", d.Read}, {"deadline.write.default", "deadline.write.max", d.Write}} {
		l.ordered(class.usual, class.bound.Default, class.most, class.bound.Max, "")
		l.ordered(floorKey, d.Floor, class.most, class.bound.Max, ", so that every call would be refused")
	}
	l.ordered(shaveKey, d.Shave, floorKey, d.Floor, ", so that a call could be left with no time")
}

// ordered refuses a key whose value is more than another's. The fault is in
// the one that somebody set.
func (l *loader) ordered(lesser name, less time.Duration, greater name, more time.Duration, so string) {
	switch {
	case less <= more:
	case l.given[lesser] == "" && l.given[greater] != "":
		l.fault(l.given[greater], "%s is less than %s%s", showDuration(more), l.valued(lesser, less, l.given[greater]), so)
	default:
		l.fault(l.origin(lesser), "%s is more than %s%s", showDuration(less), l.valued(greater, more, l.given[lesser]), so)
	}
}

// valued is a key with its value and how it came to it, beside one that was set
// elsewhere.
func (l *loader) valued(n name, value time.Duration, beside string) string {
	if where := l.given[n]; where != "" {
		return fmt.Sprintf("%s (%s)", where, showDuration(value))
	}
	return fmt.Sprintf("%s (%s by default)", l.like(beside, n), showDuration(value))
}

// addressKeys are the listeners'.
func (c *Config) addressKeys() []struct {
	key  name
	addr *string
} {
	return []struct {
		key  name
		addr *string
	}{{"grpc.addr", &c.GRPC.Addr}, {"http.addr", &c.HTTP.Addr}, {opsAddrKey, &c.Ops.Addr}}
}

// checkAddresses holds that the listeners do not stand on each other's port.
// Whether a port is free is not asked: the check may run beside the server that
// it is about, and whoever starts one is told.
func (l *loader) checkAddresses() {
	listeners := l.config.addressKeys()
	for i, one := range listeners {
		for _, other := range listeners[i+1:] {
			if !samePort(*one.addr, *other.addr) {
				continue
			}
			set, beside := other, one
			if l.given[set.key] == "" { // the fault is in the one that somebody set
				set, beside = one, other
			}
			l.fault(l.origin(set.key), "%s is also the address of %s; give each listener its own port", *set.addr, l.originOr(l.given[set.key], beside.key))
		}
	}
}

// samePort reports whether two addresses cannot both be listened on.
func samePort(a, b string) bool {
	hostA, portA, errA := net.SplitHostPort(a)
	hostB, portB, errB := net.SplitHostPort(b)
	if errA != nil || errB != nil || portA != portB || portA == "0" {
		return false
	}
	return everywhere(hostA) || everywhere(hostB) || hostA == hostB
}

func everywhere(host string) bool {
	ip := net.ParseIP(host)
	return host == "" || (ip != nil && ip.IsUnspecified())
}
