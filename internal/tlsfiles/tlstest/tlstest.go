// Package tlstest makes authorities and certificates for tests. Nothing but
// tests may import it; the product makes no certificates.
package tlstest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// Authority signs certificates.
type Authority struct {
	// PEM is its own certificate.
	PEM []byte

	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

// Leaf says what a certificate is to say.
type Leaf struct {
	// DNS and URIs are the names in it; it is for 127.0.0.1 as well.
	DNS, URIs []string
	// Serial is its number; zero: any.
	Serial int64
	// Expired has it end an hour ago.
	Expired bool
	// ServerOnly leaves out the use as client certificate.
	ServerOnly bool
}

// Issued is a certificate with its key.
type Issued struct {
	// CertPEM and KeyPEM are the contents of its files.
	CertPEM, KeyPEM []byte
}

// Paths are the files of a certificate and its key.
type Paths struct {
	// Cert and Key are file names.
	Cert, Key string
}

// NewAuthority makes an authority.
func NewAuthority(tb testing.TB, name string) *Authority {
	tb.Helper()
	key := newKey(tb)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-24 * time.Hour), NotAfter: time.Now().Add(24 * time.Hour), KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		tb.Fatal(err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		tb.Fatal(err)
	}
	return &Authority{PEM: block("CERTIFICATE", der), certificate: certificate, key: key}
}

// Issue signs a certificate.
func (a *Authority) Issue(tb testing.TB, leaf Leaf) Issued {
	tb.Helper()
	key := newKey(tb)
	serial := big.NewInt(leaf.Serial)
	if leaf.Serial == 0 {
		serial = big.NewInt(time.Now().UnixNano())
	}
	template := &x509.Certificate{
		SerialNumber: serial, DNSNames: leaf.DNS, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-2 * time.Hour), NotAfter: time.Now().Add(12 * time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	if leaf.Expired {
		template.NotAfter = time.Now().Add(-time.Hour)
	}
	if leaf.ServerOnly {
		template.ExtKeyUsage = template.ExtKeyUsage[:1]
	}
	for _, text := range leaf.URIs {
		uri, err := url.Parse(text)
		if err != nil {
			tb.Fatal(err)
		}
		template.URIs = append(template.URIs, uri)
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.certificate, key.Public(), a.key)
	if err != nil {
		tb.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		tb.Fatal(err)
	}
	return Issued{CertPEM: block("CERTIFICATE", der), KeyPEM: block("PRIVATE KEY", private)}
}

// Pool trusts the authority, and others.
func (a *Authority) Pool(others ...*Authority) *x509.CertPool {
	pool := x509.NewCertPool()
	for _, authority := range append(others, a) {
		pool.AddCert(authority.certificate)
	}
	return pool
}

// WriteCA writes the authority's certificate into a folder and returns its path.
func (a *Authority) WriteCA(tb testing.TB, folder, name string) string {
	tb.Helper()
	return write(tb, filepath.Join(folder, name), a.PEM)
}

// Write writes <name>.pem and <name>-key.pem into a folder.
func (i Issued) Write(tb testing.TB, folder, name string) Paths {
	tb.Helper()
	return Paths{
		Cert: write(tb, filepath.Join(folder, name+".pem"), i.CertPEM),
		Key:  write(tb, filepath.Join(folder, name+"-key.pem"), i.KeyPEM),
	}
}

// TLS is the certificate for crypto/tls.
func (i Issued) TLS(tb testing.TB) tls.Certificate {
	tb.Helper()
	certificate, err := tls.X509KeyPair(i.CertPEM, i.KeyPEM)
	if err != nil {
		tb.Fatal(err)
	}
	return certificate
}

func newKey(tb testing.TB) *ecdsa.PrivateKey {
	tb.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		tb.Fatal(err)
	}
	return key
}

func block(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}

func write(tb testing.TB, path string, content []byte) string {
	tb.Helper()
	if err := os.WriteFile(path, content, 0o600); err != nil {
		tb.Fatal(err)
	}
	return path
}
