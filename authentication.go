package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/vigie-dev/vigie/auth"
	"github.com/vigie-dev/vigie/domain"
)

// authConfig says whose tokens count.
type authConfig struct {
	// AuthIssuers is a file that names the issuers of tokens; see docs/authentication.md.
	AuthIssuers string `variable:"VIGIE_AUTH_ISSUERS" placeholder:"FILE" help:"YAML file that names the issuers whose tokens count (docs/authentication.md). API keys count beside them."`
}

// guard decides who a request comes from.
type guard struct {
	gate *auth.Gate
	// development answers requests without a token as an administrator: for a demo that only this machine can reach.
	development bool
	// cursorKey seals cursors where no key is configured; nil where there is none.
	cursorKey []byte
}

// errNobodyCanAsk is why serve does not start.
var errNobodyCanAsk = errors.New("no authentication is configured: name the issuers of your tokens with VIGIE_AUTH_ISSUERS, " +
	"or make an API key with vigie key create; see docs/authentication.md")

// productionGuard takes the tokens of the configured issuers and API keys, and refuses to be made where there are neither.
func (a *app) productionGuard(ctx context.Context, w workspace, cfg authConfig) (*guard, error) {
	var issuers []auth.IssuerConfig
	if cfg.AuthIssuers != "" {
		var err error
		issuers, err = auth.LoadIssuers(cfg.AuthIssuers)
		if err != nil {
			return nil, err
		}
	}
	keys, err := w.store.APIKeys(ctx)
	if err != nil {
		return nil, fmt.Errorf("look for API keys: %w", err)
	}
	if len(issuers) == 0 && len(keys) == 0 {
		return nil, errNobodyCanAsk
	}
	gate, err := auth.New(auth.Config{Issuers: issuers, Directory: w.store, Keys: w.store, Now: a.env.now, Log: a.log})
	return &guard{gate: gate}, err
}

// demoGuard takes the demo's own tokens, and on a loopback address also requests without one.
func (a *app) demoGuard(w workspace, address net.Addr) (*guard, error) {
	issuer, err := auth.NewDemoIssuer(a.cfg.Database.DataDir)
	if err != nil {
		return nil, fmt.Errorf("make the demo's issuer of tokens: %w", err)
	}
	key, err := issuer.Derive("cursors")
	if err != nil {
		return nil, err
	}
	gate, err := auth.New(auth.Config{Demo: issuer, Directory: w.store, Keys: w.store, Now: a.env.now, Log: a.log})
	return &guard{gate: gate, development: isLoopback(address.String()), cursorKey: key}, err
}

// protect puts the viewer of a request into its context.
func (g *guard) protect(next http.Handler) http.Handler {
	known := auth.Middleware(g.gate)(next)
	if !g.development {
		return known
	}
	viewer := domain.Viewer{Subject: "development", Name: "Development", Role: domain.RoleAdmin}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// A page elsewhere that has its name point here must not be taken for somebody on this machine.
		if len(r.Header.Values("Authorization")) == 0 && isLoopback(r.Host) {
			r = r.WithContext(auth.With(r.Context(), viewer, time.Time{}))
		}
		known.ServeHTTP(w, r)
	})
}

// isLoopback tells whether a host, with or without a port, is this machine and nothing else.
func isLoopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		host = address
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// demoTokens are a token for each persona, for the welcome; none where the data are not the demo's.
func (a *app) demoTokens(ctx context.Context, w workspace) (map[domain.Role]string, error) {
	made, err := holdsDemo(ctx, w)
	if err != nil || !made {
		return nil, err
	}
	issuer, err := auth.OpenDemoIssuer(a.cfg.Database.DataDir)
	if err != nil {
		return nil, err
	}
	tokens := map[domain.Role]string{}
	for _, role := range domain.Roles() {
		tokens[role], err = a.demoToken(ctx, w, issuer, role, 12*time.Hour)
		if err != nil {
			return nil, err
		}
	}
	return tokens, nil
}
