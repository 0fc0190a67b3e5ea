package auth

import (
	"crypto/hkdf"
	"crypto/sha256"
	"fmt"
)

// Derive is a secret of the demo for a purpose: 32 bytes, the same as long as the data directory has the same key.
func (i *DemoIssuer) Derive(purpose string) ([]byte, error) {
	secret, err := hkdf.Key(sha256.New, i.private.Seed(), nil, purpose, sha256.Size)
	if err != nil {
		return nil, fmt.Errorf("derive a secret of the demo: %w", err)
	}
	return secret, nil
}
