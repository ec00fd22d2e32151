// Package authz owns who may call what: the identity in a client certificate,
// the policy file that gives identities their rights, and the decision. It
// knows names only and imports nothing of this project; the server brings the
// names of rpcs and apps.
package authz

import (
	"crypto/x509"
	"fmt"
	"slices"
	"strings"
)

// Identities returns who a verified client certificate speaks for: its SPIFFE
// id (https://spiffe.io/docs/latest/spiffe-specs/x509-svid/) and its DNS names,
// in this order. The common name, addresses and mail addresses are nobody.
func Identities(certificate *x509.Certificate) []string {
	var names []string
	for _, uri := range certificate.URIs {
		if uri.Scheme == "spiffe" {
			names = append(names, uri.String())
		}
	}
	for _, name := range certificate.DNSNames {
		names = append(names, strings.ToLower(name))
	}
	return names
}

// Call is what a caller wants to do.
type Call struct {
	// RPC is the full name, kakao.user.v1.UserService/GetMe.
	RPC string
	// App is the name of the Kakao app whose keys are used.
	App string
	// AnyUser says that the call names its user by target_id, so that the app's
	// admin key acts for whoever the caller likes.
	AnyUser bool
}

// Policy is who may call what. What it does not grant is refused.
type Policy struct {
	callers map[string]rights
}

// rights are what one identity may do.
type rights struct {
	rpcs    map[string]bool // full names
	apps    map[string]bool
	anyUser bool
}

// Callers returns how many identities the policy names.
func (p *Policy) Callers() int { return len(p.callers) }

// Check returns nil if one of the identities may make the call, and otherwise
// why none may, in words for the caller.
func (p *Policy) Check(identities []string, call Call) error {
	var known []string
	var refusal error
	for _, identity := range identities {
		granted, ok := p.callers[identity]
		if !ok {
			continue
		}
		known = append(known, identity)
		if refusal = granted.check(identity, call); refusal == nil {
			return nil
		}
	}
	if len(known) == 0 {
		return fmt.Errorf("the policy of this server names none of the identities of your certificate (%s)", strings.Join(shown(identities), ", "))
	}
	return refusal
}

func (r rights) check(identity string, call Call) error {
	switch {
	case !r.rpcs[call.RPC]:
		return fmt.Errorf("the policy of this server does not grant %s to %s", call.RPC, identity)
	case !r.apps[call.App]:
		return fmt.Errorf("the policy of this server does not grant this app to %s", identity)
	case call.AnyUser && !r.anyUser:
		return fmt.Errorf("the policy of this server does not let %s act for any user by target_id", identity)
	}
	return nil
}

// maxShown bounds how much of a certificate is repeated.
const maxShown = 4

func shown(identities []string) []string {
	if len(identities) == 0 {
		return []string{"it has neither a DNS name nor a SPIFFE id"}
	}
	return slices.Clip(identities[:min(len(identities), maxShown)])
}
