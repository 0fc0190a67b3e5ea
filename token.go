package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/vigie-dev/vigie/auth"
	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/storage"
)

const (
	// longestTTL bounds a demo token's life.
	longestTTL = 30 * 24 * time.Hour
	// demoCustomerNumber is the customer whose own user the persona customer is.
	demoCustomerNumber = "C-100001"
)

// tokenCommand prints a token of the demo.
type tokenCommand struct {
	// Persona is who bears the token.
	Persona string `required:"" enum:"agent,sales,analyst,customer,integration,admin" help:"Who bears the token: ${enum}."`
	// TTL is how long the token counts.
	TTL time.Duration `default:"12h" help:"How long the token counts, at most 720h."`
}

// Validate is called by the parser.
func (c tokenCommand) Validate() error {
	if c.TTL <= 0 || c.TTL > longestTTL {
		return fmt.Errorf("--ttl must be above 0 and at most %s", longestTTL)
	}
	return nil
}

// Help is the text of --help.
func (tokenCommand) Help() string {
	return `Prints a token for somebody made up, alone on standard output. It counts for the demo that uses the same data
directory, also while that runs, and for nothing else. The first start of the demo makes the key that signs it.

Example:
  curl -H "Authorization: Bearer $(vigie token --persona agent)" http://127.0.0.1:8080/graphql \
    -H 'Content-Type: application/json' -d '{"query":"{ viewer { name role } }"}'`
}

// Run is called by the parser.
func (c *tokenCommand) Run(ctx context.Context, a *app) error {
	issuer, err := a.openDemoIssuer()
	if err != nil {
		return err
	}
	return a.batch(ctx, func(w workspace) error {
		err := a.requireSchema(ctx, w, false)
		if err != nil {
			return err
		}
		token, err := a.demoToken(ctx, w, issuer, domain.Role(strings.ToUpper(c.Persona)), c.TTL)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(a.env.stdout, token)
		return err
	})
}

// openDemoIssuer opens the issuer of the data directory. With DATABASE_URL the directory has to be named, too, since the
// usual one may belong to a demo that has nothing to do with that database.
func (a *app) openDemoIssuer() (*auth.DemoIssuer, error) {
	cfg := a.cfg.Database
	if cfg.DatabaseURL != "" && cfg.DataDir == defaultDataDir {
		return nil, errors.New("DATABASE_URL is set, and tokens are signed for a demo only: " +
			"name the demo's data directory with --data-dir, or get a token from the issuer that the server trusts")
	}
	issuer, err := auth.OpenDemoIssuer(cfg.DataDir)
	if errors.Is(err, auth.ErrNoDemoIssuer) {
		return nil, fmt.Errorf("%w: start the demo there once, or name its directory with --data-dir", err)
	}
	return issuer, err
}

// defaultDataDir is the data directory that is used unless another is named.
const defaultDataDir = ".vigie"

// demoToken signs a token for the persona of the role. It refuses for data that nobody made up.
func (a *app) demoToken(ctx context.Context, w workspace, issuer *auth.DemoIssuer, role domain.Role, ttl time.Duration) (string, error) {
	made, err := holdsDemo(ctx, w)
	if err != nil {
		return "", err
	}
	if !made {
		return "", errors.New("the database holds no demo data, and tokens are signed for a demo only")
	}
	people, err := w.store.DemoPeople(ctx)
	if err != nil {
		return "", fmt.Errorf("find the demo's people: %w", err)
	}
	return issuer.Sign(personaOf(role, people), a.env.now(), ttl)
}

// personaOf binds a role to rows of the demo.
func personaOf(role domain.Role, people storage.DemoPeople) auth.Persona {
	persona := auth.Persona{Subject: strings.ToLower(string(role)), Role: role}
	switch role {
	case domain.RoleAgent:
		persona.Name = "Demo agent"
		persona.Organisations = []string{people.UnitCode}
		if people.AgentEmail != nil && people.AgentName != nil {
			persona.Name, persona.User = *people.AgentName, *people.AgentEmail
		}
	case domain.RoleSales:
		persona.Name, persona.User = people.ManagerName, people.ManagerEmail
	case domain.RoleAnalyst:
		persona.Name = "Demo analyst"
	case domain.RoleCustomer:
		persona.Name, persona.Customer = "Demo customer", demoCustomerNumber
	case domain.RoleIntegration:
		persona.Name = "Demo integration"
		persona.Organisations = []string{people.RootCode}
		persona.Grants = []string{"customers:read", "catalogue:read", "sales:read", "shipments:read"}
	case domain.RoleAdmin:
		persona.Name = "Demo admin"
	}
	return persona
}
