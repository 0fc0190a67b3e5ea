package auth

import (
	"context"
	"crypto"
	"errors"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/vigie-dev/vigie/domain"
)

// keySource finds the public key that a token names.
type keySource interface {
	// key returns the key and the instant until which it is trusted, zero for always; errUnknownKey where there is none.
	key(ctx context.Context, id, algorithm string) (crypto.PublicKey, time.Time, error)
	// edition changes whenever the keys do.
	edition() uint64
}

// issuer judges the tokens of one issuer, by its own keys and by no other's.
type issuer struct {
	name   string
	parser *jwt.Parser
	keys   keySource
	mapper mapper
	// admitFor is how long a token that counts is not judged again.
	admitFor time.Duration
	now      func() time.Time
}

func newIssuer(cfg IssuerConfig, keys keySource, people *remembered, admitFor time.Duration, now func() time.Time) *issuer {
	return &issuer{
		name:     cfg.Issuer,
		keys:     keys,
		admitFor: admitFor,
		now:      now,
		parser: jwt.NewParser(
			jwt.WithStrictDecoding(),
			jwt.WithJSONNumber(),
			jwt.WithValidMethods(cfg.Algorithms),
			jwt.WithIssuer(cfg.Issuer),
			jwt.WithAudience(cfg.Audience),
			jwt.WithExpirationRequired(),
			jwt.WithIssuedAt(),
			jwt.WithLeeway(cfg.ClockSkew),
			jwt.WithTimeFunc(now),
		),
		mapper: mapper{claims: cfg.Claims, roles: cfg.Roles, directory: people},
	}
}

// issuerOf reads, without believing it, whose token it claims to be: that only chooses who checks it.
func issuerOf(token string) (string, error) {
	unverified, _, err := jwt.NewParser(jwt.WithStrictDecoding(), jwt.WithJSONNumber()).ParseUnverified(token, jwt.MapClaims{})
	if err != nil {
		return "", refuse("the token is not valid", err)
	}
	name, err := unverified.Claims.GetIssuer()
	if err != nil || name == "" {
		return "", refuse("the token does not say who issued it", err)
	}
	return name, nil
}

// judge checks the token's signature and times, and finds out who its bearer is here.
func (i *issuer) judge(ctx context.Context, token string) (*judgement, error) {
	began := i.now()
	// The edition is read before the keys: keys that change meanwhile have this judgement forgotten.
	found := &judgement{began: began, until: began.Add(i.admitFor), keys: i.keys, edition: i.keys.edition()}
	parsed, err := i.parser.Parse(token, func(unverified *jwt.Token) (any, error) {
		key, trusted, err := i.keyFor(ctx, unverified)
		found.bound(trusted)
		return key, err
	})
	if err != nil {
		return nil, explain(err)
	}
	values, ok := parsed.Claims.(jwt.MapClaims)
	if !ok {
		return nil, refuse("the token is not valid", errors.New("its claims are no object"))
	}
	subject, err := values.GetSubject()
	if err != nil || subject == "" {
		return nil, refuse("the token does not say whose it is", err)
	}
	expiry, err := values.GetExpirationTime()
	if err != nil || expiry == nil {
		return nil, refuse("the token is not valid", err)
	}
	found.expiry = expiry.Time
	found.bound(expiry.Time)
	err = i.mapper.identify(ctx, claims(values), found)
	if err != nil {
		return nil, err
	}
	// An issuer's name has no fragment, so that no two issuers and subjects make one text.
	found.viewer.Subject = i.name + "#" + subject
	if found.viewer.Name == "" {
		found.viewer.Name = subject
	}
	return found, nil
}

// keyFor finds the key that the token's header names, and until when it is trusted. Keys that a header brings along or links to (jwk, jku,
// x5c, x5u) are never looked at.
func (i *issuer) keyFor(ctx context.Context, token *jwt.Token) (crypto.PublicKey, time.Time, error) {
	_, critical := token.Header["crit"]
	if critical {
		// RFC 7515, section 4.1.11: an extension that is not understood must be refused, and none is.
		return nil, time.Time{}, errors.New("the header has critical extensions")
	}
	id, _ := token.Header["kid"].(string)
	if id == "" {
		return nil, time.Time{}, errors.New("the header names no key")
	}
	return i.keys.key(ctx, id, token.Method.Alg())
}

// explain says what is wrong with a token, as far as its bearer can do something about it.
func explain(err error) error {
	var known *domain.Error
	switch {
	case errors.As(err, &known):
		return known
	case errors.Is(err, jwt.ErrTokenExpired):
		return refuse("the token has expired", err)
	case errors.Is(err, jwt.ErrTokenNotValidYet), errors.Is(err, jwt.ErrTokenUsedBeforeIssued):
		return refuse("the token is not valid yet", err)
	case errors.Is(err, jwt.ErrTokenInvalidAudience):
		return refuse("the token is for another audience", err)
	default:
		return refuse("the token is not valid", err)
	}
}
