package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/lib/pq"

	"github.com/vigie-dev/vigie/domain"
)

// APIKey is an integration's key, without its secret.
type APIKey struct {
	ID   int64
	Name string
	// Prefix is the public part, by which people and logs name the key.
	Prefix string
	// Hash is the SHA-256 of the secret part.
	Hash []byte
	// Grants are what the key may do, such as "sales:read"; "*" is everything.
	Grants []string
	// Organisations are the units whose customers it may see, with all units below them; none is all units.
	Organisations []int64
	// Units are the organisations and all units below them as they are now, in order. APIKeyByPrefix alone reads them.
	Units     []int64
	CreatedAt time.Time
	// ExpiresAt, RevokedAt and LastUsedAt are nil where it never did or will.
	ExpiresAt, RevokedAt, LastUsedAt *time.Time
}

const apiKeyColumns = "id, name, prefix, hash, grants, organisation_ids, created_at, expires_at, revoked_at, last_used_at"

func scanAPIKey(scan func(...any) error, extra ...any) (*APIKey, error) {
	var key APIKey
	into := []any{&key.ID, &key.Name, &key.Prefix, &key.Hash, pq.Array(&key.Grants), pq.Array(&key.Organisations),
		&key.CreatedAt, &key.ExpiresAt, &key.RevokedAt, &key.LastUsedAt}
	err := scan(append(into, extra...)...)
	return &key, err
}

// CreateAPIKey stores a key and fills in its ID. CreatedAt is the database's clock where it is zero.
func (p *Pool) CreateAPIKey(ctx context.Context, key *APIKey) error {
	const text = `-- name: createAPIKey
INSERT INTO api_keys (name, prefix, hash, grants, organisation_ids, expires_at, created_at)
VALUES ($1, $2, $3, $4, coalesce($5::bigint[], '{}'), $6, coalesce($7, now()))
RETURNING id, created_at`
	created := sql.NullTime{Time: key.CreatedAt, Valid: !key.CreatedAt.IsZero()}
	err := p.db.QueryRowContext(ctx, text, key.Name, key.Prefix, key.Hash, pq.Array(key.Grants), pq.Array(key.Organisations),
		key.ExpiresAt, created).Scan(&key.ID, &key.CreatedAt)
	if err != nil {
		return fmt.Errorf("create an API key: %w", Translate(err))
	}
	return nil
}

// APIKeyByPrefix reads a key, revoked and expired ones included. One that is not there is an error with the code NOT_FOUND.
func (p *Pool) APIKeyByPrefix(ctx context.Context, prefix string) (*APIKey, error) {
	const text = "-- name: apiKeyByPrefix\nSELECT " + apiKeyColumns + `, ARRAY(
    WITH RECURSIVE unit (id) AS (SELECT unnest(k.organisation_ids) UNION SELECT o.id FROM organisations o JOIN unit ON o.parent_id = unit.id)
    SELECT id FROM unit ORDER BY id)
FROM api_keys k WHERE prefix = $1`
	var found *APIKey
	err := p.each(ctx, func(rows *sql.Rows) error {
		var units []int64
		key, err := scanAPIKey(rows.Scan, pq.Array(&units))
		key.Units = units
		found = key
		return err
	}, text, prefix)
	if err != nil {
		return nil, err
	}
	if found == nil {
		return nil, errNoAPIKey()
	}
	return found, nil
}

func errNoAPIKey() error {
	return &domain.Error{Code: domain.CodeNotFound, Message: "there is no such API key"}
}

// APIKeys reads all keys, the oldest first.
func (p *Pool) APIKeys(ctx context.Context) ([]*APIKey, error) {
	const text = "-- name: apiKeys\nSELECT " + apiKeyColumns + " FROM api_keys ORDER BY id"
	var keys []*APIKey
	err := p.each(ctx, func(rows *sql.Rows) error {
		key, err := scanAPIKey(rows.Scan)
		keys = append(keys, key)
		return err
	}, text)
	return keys, err
}

// RevokeAPIKey ends a key for good. Revoking it again keeps the first date. One that is not there is an error with the code
// NOT_FOUND.
func (p *Pool) RevokeAPIKey(ctx context.Context, prefix string, at time.Time) (*APIKey, error) {
	const text = `-- name: revokeAPIKey
UPDATE api_keys SET revoked_at = coalesce(revoked_at, $2) WHERE prefix = $1 RETURNING ` + apiKeyColumns
	key, err := scanAPIKey(p.db.QueryRowContext(ctx, text, prefix, at).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, errNoAPIKey()
	}
	if err != nil {
		return nil, fmt.Errorf("revoke an API key: %w", Translate(err))
	}
	return key, nil
}

// TouchAPIKey notes a use of the key. Of several instances of the server that note uses, the latest counts, and a note that
// would move the time by less than a minute writes nothing.
func (p *Pool) TouchAPIKey(ctx context.Context, id int64, at time.Time) error {
	const text = `-- name: touchAPIKey
UPDATE api_keys SET last_used_at = $2
WHERE id = $1 AND (last_used_at IS NULL OR last_used_at <= $2::timestamptz - interval '1 minute')`
	_, err := p.db.ExecContext(ctx, text, id, at)
	if err != nil {
		return fmt.Errorf("note the use of an API key: %w", Translate(err))
	}
	return nil
}
