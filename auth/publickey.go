package auth

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/MicahParks/jwkset"
)

const (
	// maxKeys bounds the keys of one issuer.
	maxKeys = 100
	// Shorter RSA keys can be broken, longer ones cost more to check than a request may.
	minRSABits = 2048
	maxRSABits = 8192
)

// signatures lists the algorithms that an issuer may be configured with. Those with a shared secret (HS256) are no part of
// it: whoever could check such a token could sign one too.
func signatures() []string {
	return []string{"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
}

// publicKey is a key with what it may be used for.
type publicKey struct {
	key crypto.PublicKey
	// algorithms are those that the key's type allows, or the one that the issuer ties it to.
	algorithms []string
}

// publicKeys are the keys of an issuer by key id. Keys of different types may share an id (RFC 7517, section 4.5).
type publicKeys map[string][]publicKey

// find returns the key with the id for the algorithm, or nil.
func (k publicKeys) find(id, algorithm string) crypto.PublicKey {
	for _, candidate := range k[id] {
		if slices.Contains(candidate.algorithms, algorithm) {
			return candidate.key
		}
	}
	return nil
}

// key is find in the shape of a keySource, for keys that never change.
func (k publicKeys) key(_ context.Context, id, algorithm string) (crypto.PublicKey, time.Time, error) {
	key := k.find(id, algorithm)
	if key == nil {
		return nil, time.Time{}, errUnknownKey
	}
	return key, time.Time{}, nil
}

// edition is the only one that there is.
func (k publicKeys) edition() uint64 { return 0 }

// parseKeys reads a JSON Web Key Set. Keys that cannot check a token's signature (others' types, keys for encryption, keys
// without an id) are passed over, as issuers publish those too.
func parseKeys(text []byte) (publicKeys, error) {
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	err := json.Unmarshal(text, &set)
	if err != nil {
		return nil, fmt.Errorf("it is not a key set: %w", err)
	}
	if len(set.Keys) > maxKeys {
		return nil, fmt.Errorf("it has %d keys, the most are %d", len(set.Keys), maxKeys)
	}
	keys := publicKeys{}
	for _, raw := range set.Keys {
		var entry jwkset.JWKMarshal
		err = json.Unmarshal(raw, &entry)
		if err != nil || entry.KID == "" || !signs(entry) {
			continue
		}
		key, usable := parseKey(entry)
		if usable {
			keys[entry.KID] = append(keys[entry.KID], key)
		}
	}
	if len(keys) == 0 {
		return nil, errors.New("it has no key that a token can be checked with")
	}
	return keys, nil
}

// signs tells whether the issuer meant the key for signatures.
func signs(entry jwkset.JWKMarshal) bool {
	if entry.USE != "" && entry.USE != jwkset.UseSig {
		return false
	}
	return len(entry.KEYOPS) == 0 || slices.Contains(entry.KEYOPS, jwkset.KeyOpsVerify)
}

func parseKey(entry jwkset.JWKMarshal) (publicKey, bool) {
	// Certificates say nothing that the key set, which came over TLS from its owner, does not.
	entry.X5C, entry.X5T, entry.X5TS256, entry.X5U = nil, "", "", ""
	parsed, err := jwkset.NewJWKFromMarshal(entry, jwkset.JWKMarshalOptions{}, jwkset.JWKValidateOptions{})
	if err != nil {
		return publicKey{}, false
	}
	key := parsed.Key()
	algorithms := algorithmsOf(key)
	if entry.ALG != "" {
		if !slices.Contains(algorithms, entry.ALG.String()) {
			return publicKey{}, false
		}
		algorithms = []string{entry.ALG.String()}
	}
	return publicKey{key: key, algorithms: algorithms}, len(algorithms) > 0
}

// algorithmsOf binds a key to the algorithms of its own type, so that a token cannot choose how its key is read.
func algorithmsOf(key crypto.PublicKey) []string {
	switch key := key.(type) {
	case *rsa.PublicKey:
		if key.N.BitLen() < minRSABits || key.N.BitLen() > maxRSABits {
			return nil
		}
		return []string{"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"}
	case *ecdsa.PublicKey:
		switch key.Curve {
		case elliptic.P256():
			return []string{"ES256"}
		case elliptic.P384():
			return []string{"ES384"}
		case elliptic.P521():
			return []string{"ES512"}
		}
	case ed25519.PublicKey:
		return []string{"EdDSA"}
	}
	return nil
}
