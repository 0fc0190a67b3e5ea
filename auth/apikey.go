package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"log/slog"
	"slices"
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
// some billions of tries; 256 random bits cannot, however fast the hash, and every judgement would pay for it.
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
	// admitFor is how long a key that counts is not asked for again.
	admitFor time.Duration
	now      func() time.Time
}

func newKeyring(store KeyStore, timing Timing, now func() time.Time, log *slog.Logger) *keyring {
	return &keyring{store: store, uses: newUses(store.TouchAPIKey, timing.LastUseEvery, log), admitFor: timing.AdmitKeyFor, now: now}
}

func (k *keyring) close() { k.uses.close() }

// judge asks the database. A nil keyring knows no key.
func (k *keyring) judge(ctx context.Context, token string) (*judgement, error) {
	if k == nil {
		return nil, refuse("API keys are not accepted here", nil)
	}
	prefix, secret, ok := splitKey(token)
	if !ok {
		return nil, refuse("the API key is not valid", nil)
	}
	began := k.now()
	key, err := k.store.APIKeyByPrefix(ctx, prefix)
	if domain.ErrorCode(err) == domain.CodeNotFound {
		return nil, refuse("the API key is not valid", err)
	}
	if err != nil {
		return nil, err
	}
	if subtle.ConstantTimeCompare(hashSecret(secret), key.Hash) != 1 {
		return nil, refuse("the API key is not valid", nil)
	}
	return k.admit(key, began)
}

// admit judges a key whose secret the bearer knows: only such a one learns more.
func (k *keyring) admit(key *storage.APIKey, began time.Time) (*judgement, error) {
	found := &judgement{began: began, until: began.Add(k.admitFor)}
	if key.ExpiresAt != nil {
		found.expiry = *key.ExpiresAt
		found.bound(found.expiry)
	}
	switch {
	case key.RevokedAt != nil:
		return nil, refuse("the API key was revoked", nil)
	case !found.expiry.IsZero() && !k.now().Before(found.expiry):
		return nil, refuse("the API key has expired", nil)
	}
	found.used = func(at time.Time) { k.uses.note(key.ID, at) }
	// What is remembered is everybody's: without room to spare, nobody appends into it.
	found.viewer = domain.Viewer{
		Subject:       "key:" + strconv.FormatInt(key.ID, 10),
		Name:          key.Name,
		Role:          domain.RoleIntegration,
		Organisations: slices.Clip(slices.Clone(key.Units)),
		Grants:        slices.Clip(slices.Clone(key.Grants)),
	}
	return found, nil
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
