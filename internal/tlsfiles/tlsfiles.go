// Package tlsfiles owns the server's side of TLS: the certificate, its key and
// the authorities that client certificates must come from, as files that may
// change while the process runs. What a handshake sees is always one version of
// all of them.
//
// It is told when files change (internal/reload) and imports nothing of this
// project.
package tlsfiles

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"sync/atomic"
	"time"
)

// Files names the files, all PEM.
type Files struct {
	// Cert is the certificate with its chain, Key its private key.
	Cert, Key string
	// ClientCA holds the authorities of client certificates; empty: clients
	// are not asked for one.
	ClientCA string
}

// Store holds what the files held when they were last usable.
type Store struct {
	files   Files
	now     func() time.Time
	current atomic.Pointer[material]
}

// material is one version of all files.
type material struct {
	certificate tls.Certificate
	clients     *x509.CertPool
	lives       []Life
}

// Life says how long a certificate of the files is good.
type Life struct {
	// File is where it stands, Subject who it is of.
	File, Subject string
	// From and Until are its bounds.
	From, Until time.Time
}

func lifeOf(file string, certificate *x509.Certificate) Life {
	return Life{File: file, Subject: certificate.Subject.String(), From: certificate.NotBefore, Until: certificate.NotAfter}
}

// New makes an empty store; Load fills it.
func New(files Files) *Store { return &Store{files: files, now: time.Now} }

// Paths are the files, in the order in which Load takes their contents.
func (s *Store) Paths() []string {
	paths := []string{s.files.Cert, s.files.Key}
	if s.files.ClientCA != "" {
		paths = append(paths, s.files.ClientCA)
	}
	return paths
}

// Load puts a version of the files into force, from the next handshake on. An
// error leaves what was in force and says nothing of the key.
func (s *Store) Load(contents [][]byte) error {
	certificate, err := tls.X509KeyPair(contents[0], contents[1])
	if err != nil {
		// tls names neither the key nor a part of it.
		return fmt.Errorf("%s and %s are no certificate with its key, in PEM: %w", s.files.Cert, s.files.Key, err)
	}
	if begun := certificatesBegun(contents[0]); begun != len(certificate.Certificate) {
		return broken(s.files.Cert, len(certificate.Certificate), begun)
	}
	if until := certificate.Leaf.NotAfter; s.now().After(until) {
		return fmt.Errorf("the certificate in %s has expired on %s", s.files.Cert, until.UTC().Format(time.RFC3339))
	}
	m := &material{certificate: certificate, lives: []Life{lifeOf(s.files.Cert, certificate.Leaf)}}
	if s.files.ClientCA != "" {
		if err := m.addAuthorities(s.files.ClientCA, contents[2]); err != nil {
			return err
		}
	}
	s.current.Store(m)
	return nil
}

// NotAfter is the end of the certificate in force; the zero time where none is
// loaded.
func (s *Store) NotAfter() time.Time {
	if m := s.current.Load(); m != nil {
		return m.certificate.Leaf.NotAfter
	}
	return time.Time{}
}

// Lives are those of the listeners' certificate, which comes first, and of the
// authorities of client certificates; nil if nothing is loaded.
func (s *Store) Lives() []Life {
	if m := s.current.Load(); m != nil {
		return m.lives
	}
	return nil
}

// addAuthorities reads a file of certificates. One that cannot be read makes the
// file unusable; the standard library would leave it out without a word, and
// with it all callers who have their certificate from there.
func (m *material) addAuthorities(file string, content []byte) error {
	pool, read := x509.NewCertPool(), 0
	for block, rest := pem.Decode(content); block != nil; block, rest = pem.Decode(rest) {
		certificate, err := x509.ParseCertificate(block.Bytes)
		if block.Type != certificateType || err != nil {
			continue
		}
		pool.AddCert(certificate)
		m.lives = append(m.lives, lifeOf(file, certificate))
		read++
	}
	begun := certificatesBegun(content)
	switch {
	case begun == 0:
		return fmt.Errorf("%s holds no certificate of an authority, in PEM", file)
	case read != begun:
		return broken(file, read, begun)
	}
	m.clients = pool
	return nil
}

// certificateType is PEM's name of a certificate.
const certificateType = "CERTIFICATE"

// certificatesBegun counts the certificates of a PEM file, broken ones too.
func certificatesBegun(content []byte) int {
	return bytes.Count(content, []byte("-----BEGIN "+certificateType+"-----"))
}

func broken(file string, read, begun int) error {
	return fmt.Errorf("of the certificates in %s only %d of %d can be read; want whole ones, in PEM", file, read, begun)
}

// Config returns the configuration of a listener that speaks the given
// application protocols; Load must have succeeded once. A client may come
// without certificate - health checks do - but not with one that the
// authorities do not vouch for; what a client without may do is for others to
// say.
func (s *Store) Config(protocols ...string) *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS12,
		NextProtos: protocols,
		GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) {
			m := s.current.Load()
			if m == nil {
				return nil, errors.New("no certificate is loaded")
			}
			config := &tls.Config{
				MinVersion:   tls.VersionTLS12,
				NextProtos:   protocols,
				Certificates: []tls.Certificate{m.certificate},
				// A ticket would carry a client's identity past a change of the
				// authorities, and each version has keys of its own anyway.
				SessionTicketsDisabled: true,
			}
			if m.clients != nil {
				config.ClientAuth, config.ClientCAs = tls.VerifyClientCertIfGiven, m.clients
			}
			return config, nil
		},
	}
}
