package login

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"math/big"
	"strings"
	"sync"
	"time"
)

// JSON Web Tokens by hand: the sandbox needs one algorithm, one key type and
// one direction each of signing and checking, which is less to read than a
// library's options. https://www.rfc-editor.org/rfc/rfc7515

// signingKey is one RSA key of the issuer.
type signingKey struct {
	id  string
	rsa *rsa.PrivateKey
}

// signingKeys are the issuer's keys. They are made once per process, because
// RSA keys are slow to make and sandboxes in tests are many.
var signingKeys = sync.OnceValue(func() []signingKey {
	keys := make([]signingKey, 2)
	for i := range keys {
		// Random bytes never run out (crypto/rand), so 2048 bits never fail.
		private, _ := rsa.GenerateKey(rand.Reader, 2048)
		sum := sha256.Sum256(private.N.Bytes())
		keys[i] = signingKey{id: hex.EncodeToString(sum[:16]), rsa: private}
	}
	return keys
})

// public is the key as a member of a JWK set.
func (k signingKey) public() map[string]string {
	encode := base64.RawURLEncoding.EncodeToString
	return map[string]string{
		"kid": k.id, "kty": "RSA", "alg": "RS256", "use": "sig",
		"n": encode(k.rsa.N.Bytes()), "e": encode(big.NewInt(int64(k.rsa.E)).Bytes()),
	}
}

// tokenHeader is the protected header of a token.
type tokenHeader struct {
	KeyID     string `json:"kid"`
	Type      string `json:"typ"`
	Algorithm string `json:"alg"`
}

// sign makes a compact token of the claims.
func (k signingKey) sign(claims map[string]any) string {
	encode := base64.RawURLEncoding.EncodeToString
	head, _ := json.Marshal(tokenHeader{k.id, "JWT", "RS256"}) // texts and numbers always encode
	body, _ := json.Marshal(claims)
	signed := encode(head) + "." + encode(body)
	sum := sha256.Sum256([]byte(signed))
	signature, _ := rsa.SignPKCS1v15(nil, k.rsa, crypto.SHA256, sum[:])
	return signed + "." + encode(signature)
}

// readToken is a parsed token whose signature has not been checked.
type readToken struct {
	header    tokenHeader
	claims    map[string]any
	expires   time.Time
	signedSum [sha256.Size]byte
	signature []byte
}

// parseToken reads a compact token.
func parseToken(compact string) (*readToken, error) {
	parts := strings.Split(compact, ".")
	if len(parts) != 3 {
		return nil, errors.New("not three parts")
	}
	var raw [3][]byte
	for i, part := range parts {
		b, err := base64.RawURLEncoding.DecodeString(part)
		if err != nil {
			return nil, errors.New("not base64url")
		}
		raw[i] = b
	}
	t := &readToken{signedSum: sha256.Sum256([]byte(parts[0] + "." + parts[1])), signature: raw[2]}
	decoder := json.NewDecoder(bytes.NewReader(raw[1]))
	decoder.UseNumber()
	if json.Unmarshal(raw[0], &t.header) != nil || decoder.Decode(&t.claims) != nil {
		return nil, errors.New("not JSON")
	}
	expires, _ := t.claims["exp"].(json.Number)
	seconds, err := expires.Int64()
	if err != nil {
		return nil, errors.New("no exp")
	}
	t.expires = time.Unix(seconds, 0)
	return t, nil
}

// signed says whether one of the issuer's keys made the signature.
func (t *readToken) signed() bool {
	for _, k := range signingKeys() {
		if k.id == t.header.KeyID && t.header.Algorithm == "RS256" {
			return rsa.VerifyPKCS1v15(&k.rsa.PublicKey, crypto.SHA256, t.signedSum[:], t.signature) == nil
		}
	}
	return false
}
