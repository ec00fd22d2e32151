package config

import (
	"net"
	"time"
)

// TLS names the certificate of both listeners. The files are read again when
// they change.
type TLS struct {
	// CertFile holds the certificate with its chain, in PEM; empty: no TLS.
	CertFile string
	// KeyFile holds the certificate's key, in PEM.
	KeyFile string
	// ClientCAFile holds the authorities of callers' certificates, in PEM;
	// empty: callers are not asked who they are.
	ClientCAFile string
}

// Enabled reports whether the listeners speak TLS.
func (t TLS) Enabled() bool { return t.CertFile != "" }

// Authz says who may call what.
type Authz struct {
	// PolicyFile grants rpcs and apps to callers (internal/authz); empty: every
	// caller may make every call that needs no admin key.
	PolicyFile string
}

// Reload says how files that change are picked up.
type Reload struct {
	// Interval is the time between two looks. A change is in force after two.
	Interval time.Duration
}

const (
	tlsCertKey     name = "tls.cert_file"
	tlsKeyKey      name = "tls.key_file"
	clientCAKey    name = "tls.client_ca_file"
	insecureKey    name = "insecure"
	policyKey      name = "authz.policy_file"
	adminSwitchKey name = "allow_admin_without_policy"
	reflectionKey  name = "grpc.reflection"
	opsAddrKey     name = "ops.addr"
	grpcuiKey      name = "ops.grpcui"
)

// edgeKeys say who gets at the server, and how.
var edgeKeys = []key{
	watchedFile(bind(tlsCertKey, "", pathKind, "file with the TLS certificate of the gRPC and JSON listeners and its chain, in PEM",
		func(c *Config) *string { return &c.TLS.CertFile })),
	watchedFile(bind(tlsKeyKey, "", pathKind, "file with the key of the TLS certificate, in PEM",
		func(c *Config) *string { return &c.TLS.KeyFile })),
	watchedFile(bind(clientCAKey, "", pathKind, "file with the authorities of callers' certificates, in PEM; with it only callers with a certificate are served",
		func(c *Config) *string { return &c.TLS.ClientCAFile })),
	bareSwitch(bind(insecureKey, "false", switchKind, "listen beyond this machine without TLS, where a proxy or mesh in front speaks TLS; beside a certificate it does nothing, and a warning says so",
		func(c *Config) *bool { return &c.Insecure })),
	watchedFile(bind(policyKey, "", pathKind, "YAML file that says which caller may use which rpcs and apps; the rest is refused",
		func(c *Config) *string { return &c.Authz.PolicyFile })),
	bareSwitch(bind(adminSwitchKey, "false", switchKind, "without a policy, let every caller use the admin key (true with sandbox, unless set); beside a policy it does nothing, and a warning says so",
		func(c *Config) *bool { return &c.AllowAdminWithoutPolicy })),
	bareSwitch(bind(reflectionKey, "false", switchKind, "describe the services by gRPC reflection to whoever asks; with client certificates, to callers who have one (true with sandbox, unless set)",
		func(c *Config) *bool { return &c.GRPC.Reflection })),
	bareSwitch(bind(grpcuiKey, "false", switchKind, "offer grpcui, a form for every rpc, at /grpcui/ of ops.addr, on this machine alone and where callers show no certificates",
		func(c *Config) *bool { return &c.Ops.GRPCUI })),
	bind("grpc.max_connection_age", "5m", durationKind(time.Second), "age at which clients, of JSON too, are asked to connect again, so that new replicas get calls and old certificates end",
		func(c *Config) *time.Duration { return &c.GRPC.MaxConnectionAge }),
	bind("reload.interval", "2s", durationKind(10*time.Millisecond), "time between two looks at certificates, policy and key files; a change is in force after two",
		func(c *Config) *time.Duration { return &c.Reload.Interval }),
}

// checkEdge looks at how the keys of this file, and the addresses, go together.
func (l *loader) checkEdge() {
	c := l.config
	if (c.TLS.CertFile == "") != (c.TLS.KeyFile == "") {
		given, missing := tlsCertKey, tlsKeyKey
		if c.TLS.CertFile == "" {
			given, missing = missing, given
		}
		l.fault(l.given[given], "a certificate needs its key; set %s, too", l.like(l.given[given], missing))
	}
	if c.TLS.ClientCAFile != "" && !c.TLS.Enabled() {
		where := l.given[clientCAKey]
		l.fault(where, "callers show certificates over TLS only; set %s and %s, too", l.like(where, tlsCertKey), l.like(where, tlsKeyKey))
	}
	if c.Authz.PolicyFile != "" && c.TLS.ClientCAFile == "" {
		l.fault(l.given[policyKey], "a policy tells callers apart by their certificates; set %s, too", l.like(l.given[policyKey], clientCAKey))
	}
	if c.Sandbox {
		c.AllowAdminWithoutPolicy = c.AllowAdminWithoutPolicy || l.given[adminSwitchKey] == ""
		c.GRPC.Reflection = c.GRPC.Reflection || l.given[reflectionKey] == ""
	}
	if !c.TLS.Enabled() && !c.Insecure {
		l.stayHome()
	}
	l.checkGRPCUI()
}

// checkGRPCUI keeps grpcui away from where it would be a way round: the ops port
// asks nobody who they are, so whoever reaches it makes calls as nobody. That is
// as it should be only where nobody is asked on the other ports either, and the
// port cannot be reached from elsewhere (it never speaks TLS).
func (l *loader) checkGRPCUI() {
	c := l.config
	if !c.Ops.GRPCUI {
		return
	}
	where := l.given[grpcuiKey]
	if c.TLS.ClientCAFile != "" { // a policy needs that one too
		l.fault(where, "grpcui makes calls without a certificate, which this server asks of its callers; leave it out, or %s", l.like(l.given[clientCAKey], clientCAKey))
	}
	if host, port, err := net.SplitHostPort(c.Ops.Addr); err == nil && !isLoopback(host) {
		l.fault(where, "grpcui makes calls for whoever reaches the ops port, which is to be this machine alone; set %s, too", l.setLike(where, opsAddrKey, net.JoinHostPort(loopback, port)))
	}
}

// loopback is where the listeners are without TLS.
const loopback = "127.0.0.1"

// stayHome keeps the listeners on this machine: without TLS anyone on the way
// could read tokens and make calls.
func (l *loader) stayHome() {
	c := l.config
	for _, listener := range c.addressKeys() {
		host, port, err := net.SplitHostPort(*listener.addr)
		switch where := l.given[listener.key]; {
		case err != nil: // refused already
		case where == "":
			*listener.addr = net.JoinHostPort(loopback, port)
		case !isLoopback(host):
			l.fault(where, "write %s to stay on this machine; to be reached from elsewhere set %s and %s, or %s where a proxy in front speaks TLS",
				net.JoinHostPort(loopback, port), l.like(where, tlsCertKey), l.like(where, tlsKeyKey), l.setLike(where, insecureKey, "true"))
		}
	}
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || (ip != nil && ip.IsLoopback())
}
