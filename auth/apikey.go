package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/storage"
)

const (
	// keyMark begins every API key, so that a key is known for one wherever it turns up.
	keyMark = "vk_"
	// prefixBytes and secretBytes are the random parts of a key: its public name, and 256 bits that nobody can guess.
	prefixBytes = 5
	secretBytes = 32
)

// KeyStore holds API keys.
type KeyStore interface {
	// APIKeyByPrefix returns the key, revoked and expired ones included, or an error with the code NOT_FOUND.
	APIKeyByPrefix(ctx context.Context, prefix string) (*storage.APIKey, error)
	// TouchAPIKey notes that the key was used.
	TouchAPIKey(ctx context.Context, id int64, at time.Time) error
}

// NewSecret makes the random parts of an API key: the prefix and the hash to be stored, and the whole key, which is shown to
// its owner once and kept nowhere.
//
// The hash is a plain SHA-256. A slow hash such as bcrypt makes up for secrets that people choose and that can be guessed in
// some billions of tries; 256 random bits cannot, however fast the hash, and every request would pay for it.
func NewSecret() (prefix string, hash []byte, key string) {
	random := make([]byte, prefixBytes+secretBytes)
	_, _ = rand.Read(random) // It never fails: crypto/rand ends the program instead.
	letters := base32.StdEncoding.WithPadding(base32.NoPadding)
	prefix = strings.ToLower(letters.EncodeToString(random[:prefixBytes]))
	secret := strings.ToLower(letters.EncodeToString(random[prefixBytes:]))
	return prefix, hashSecret(secret), keyMark + prefix + "_" + secret
}

func hashSecret(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

// keyring judges API keys.
type keyring struct {
	store KeyStore
	uses  *uses
	now   func() time.Time
}

func newKeyring(store KeyStore, timing Timing, now func() time.Time, log *slog.Logger) *keyring {
	return &keyring{store: store, uses: newUses(store.TouchAPIKey, timing.LastUseEvery, log), now: now}
}

func (k *keyring) close() { k.uses.close() }

// judge asks the database each time, so that a key ends with its revocation. A nil keyring knows no key.
func (k *keyring) judge(ctx context.Context, token string) (domain.Viewer, time.Time, error) {
	if k == nil {
		return domain.Viewer{}, time.Time{}, refuse("API keys are not accepted here", nil)
	}
	prefix, secret, ok := splitKey(token)
	if !ok {
		return domain.Viewer{}, time.Time{}, refuse("the API key is not valid", nil)
	}
	key, err := k.store.APIKeyByPrefix(ctx, prefix)
	if domain.ErrorCode(err) == domain.CodeNotFound {
		return domain.Viewer{}, time.Time{}, refuse("the API key is not valid", err)
	}
	if err != nil {
		return domain.Viewer{}, time.Time{}, err
	}
	if subtle.ConstantTimeCompare(hashSecret(secret), key.Hash) != 1 {
		return domain.Viewer{}, time.Time{}, refuse("the API key is not valid", nil)
	}
	// Only the holder of the secret learns more.
	now := k.now()
	var expiry time.Time
	if key.ExpiresAt != nil {
		expiry = *key.ExpiresAt
	}
	switch {
	case key.RevokedAt != nil:
		return domain.Viewer{}, time.Time{}, refuse("the API key was revoked", nil)
	case !expiry.IsZero() && !now.Before(expiry):
		return domain.Viewer{}, time.Time{}, refuse("the API key has expired", nil)
	}
	k.uses.note(key.ID, now)
	return domain.Viewer{
		Subject:       "key:" + strconv.FormatInt(key.ID, 10),
		Name:          key.Name,
		Role:          domain.RoleIntegration,
		Organisations: key.Organisations,
		Grants:        key.Grants,
	}, expiry, nil
}

// splitKey takes a key apart. What cannot be one is not asked for in the database.
func splitKey(token string) (prefix, secret string, ok bool) {
	prefix, secret, ok = strings.Cut(strings.TrimPrefix(token, keyMark), "_")
	ok = ok && isBase32(prefix, prefixBytes) && isBase32(secret, secretBytes)
	return prefix, secret, ok
}

// isBase32 tells whether the text may be that many bytes in lower-case base32 without padding.
func isBase32(text string, bytes int) bool {
	return len(text) == (bytes*8+4)/5 && strings.Trim(text, "abcdefghijklmnopqrstuvwxyz234567") == ""
}
