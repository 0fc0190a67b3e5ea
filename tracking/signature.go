package tracking

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"
)

// SignatureEncoding is how a carrier writes a signature.
type SignatureEncoding int

// The encodings.
const (
	SignatureHex SignatureEncoding = iota
	SignatureBase64
)

// VerifyHMAC checks that signature is the HMAC-SHA256 of body under one of the secrets (several while one is being replaced), in constant
// time. prefix has to stand before it, such as "sha256=". Secrets that are empty sign nothing.
func VerifyHMAC(carrier string, secrets [][]byte, body []byte, signature, prefix string, encoding SignatureEncoding) error {
	refused := &Error{Code: ErrUnauthenticated, Carrier: carrier, Detail: "the signature is missing or wrong"}
	text, found := strings.CutPrefix(strings.TrimSpace(signature), prefix)
	if !found {
		return refused
	}
	decode := hex.DecodeString
	if encoding == SignatureBase64 {
		decode = base64.StdEncoding.DecodeString
	}
	given, err := decode(text)
	if err != nil || len(given) != sha256.Size {
		return refused
	}
	matched := false
	for _, secret := range secrets {
		mac := hmac.New(sha256.New, secret)
		mac.Write(body)
		same := hmac.Equal(mac.Sum(nil), given)
		matched = matched || same && len(secret) > 0
	}
	if !matched {
		return refused
	}
	return nil
}
