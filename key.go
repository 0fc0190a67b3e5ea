package main

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/alecthomas/kong"

	"github.com/vigie-dev/vigie/auth"
	"github.com/vigie-dev/vigie/storage"
)

// keyCommand manages the API keys of integrations.
type keyCommand struct {
	Create keyCreateCommand `cmd:"" help:"Make a key and print it, once."`
	List   keyListCommand   `cmd:"" help:"List the keys, without their secrets."`
	Revoke keyRevokeCommand `cmd:"" help:"End a key for good, within 5 seconds on every server."`
}

// keyCreateCommand makes a key.
type keyCreateCommand struct {
	// Name says whose key it is.
	Name string `required:"" help:"Whose key it is, such as the name of the system that will use it."`
	// Grant lists what it may do.
	Grant codes `required:"" placeholder:"GRANT" help:"What it may do, such as sales:read; * is everything. Several with commas between."`
	// Organisation lists the units that it is bound to.
	Organisation codes `placeholder:"CODE" help:"Codes of the units whose customers it may see, with all units below them; all units without."`
	// TTL is how long it counts; zero is until it is revoked.
	TTL time.Duration `placeholder:"DURATION" help:"How long it counts, such as 8760h; until it is revoked without."`
}

// codes are values with commas between. One that is empty is an error: a script whose variable is not set must not make a key without bounds.
type codes []string

// Decode is called by the parser, for each time that the flag is given.
func (c *codes) Decode(ctx *kong.DecodeContext) error {
	token, err := ctx.Scan.PopValue("value")
	if err != nil {
		return err
	}
	for code := range strings.SplitSeq(token.String(), ",") {
		if strings.TrimSpace(code) == "" {
			return errors.New("a value is empty")
		}
		*c = append(*c, code)
	}
	return nil
}

// grantForm is what a grant looks like.
var grantForm = regexp.MustCompile(`^(\*|[a-z][a-z_-]*:[a-z]+)$`)

// Validate is called by the parser.
func (c keyCreateCommand) Validate() error {
	for _, grant := range c.Grant {
		if !grantForm.MatchString(grant) {
			return fmt.Errorf("--grant %q is not of the form sales:read", grant)
		}
	}
	if strings.TrimSpace(c.Name) == "" {
		return errors.New("--name must not be empty")
	}
	if c.TTL < 0 {
		return errors.New("--ttl must not be below 0")
	}
	return nil
}

// Help is the text of --help.
func (keyCreateCommand) Help() string {
	return `The key is printed alone on standard output and cannot be printed again: the database has only its hash.

Example:
  vigie key create --name "Warehouse system" --grant shipments:read,sales:read --organisation OSTERWALD-DE`
}

// Run is called by the parser.
func (c *keyCreateCommand) Run(ctx context.Context, a *app) error {
	return a.withKeys(ctx, func(store *storage.Pool) error {
		units, err := unitRows(ctx, store, c.Organisation)
		if err != nil {
			return err
		}
		prefix, hash, key := auth.NewSecret()
		made := &storage.APIKey{Name: c.Name, Prefix: prefix, Hash: hash, Grants: c.Grant, Organisations: units, CreatedAt: a.env.now()}
		if c.TTL > 0 {
			until := made.CreatedAt.Add(c.TTL)
			made.ExpiresAt = &until
		}
		err = store.CreateAPIKey(ctx, made)
		if err != nil {
			return err
		}
		fmt.Fprintf(a.env.stderr, "made the key %s for %q; it is shown this once:\n", prefix, c.Name)
		_, err = fmt.Fprintln(a.env.stdout, key)
		return err
	})
}

// unitRows finds all of the units. One that is missing is an error, since a key without units may see all.
func unitRows(ctx context.Context, store *storage.Pool, codes []string) ([]int64, error) {
	rows, err := store.OrganisationsByCode(ctx, codes)
	if err != nil {
		return nil, fmt.Errorf("find the organisation units: %w", err)
	}
	var units []int64
	for _, code := range codes {
		row, known := rows[code]
		if !known {
			return nil, fmt.Errorf("there is no organisation unit with the code %q", code)
		}
		if !slices.Contains(units, row) {
			units = append(units, row)
		}
	}
	return units, nil
}

// keyListCommand lists the keys.
type keyListCommand struct{}

// Help is the text of --help.
func (keyListCommand) Help() string {
	return `Lists all keys, revoked ones included, in the order in which they were made.

Example:
  vigie key list`
}

// Run is called by the parser.
func (c *keyListCommand) Run(ctx context.Context, a *app) error {
	return a.withKeys(ctx, func(store *storage.Pool) error {
		keys, err := store.APIKeys(ctx)
		if err != nil {
			return fmt.Errorf("list the keys: %w", err)
		}
		codes, err := unitCodes(ctx, store, keys)
		if err != nil {
			return err
		}
		table := tabwriter.NewWriter(a.env.stdout, 0, 0, 2, ' ', 0)
		fmt.Fprintln(table, "PREFIX\tNAME\tSTATE\tGRANTS\tUNITS\tCREATED\tLAST USED")
		for _, key := range keys {
			fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", key.Prefix, key.Name, keyState(key, a.env.now()),
				strings.Join(key.Grants, " "), unitsOf(key, codes), instant(&key.CreatedAt), instant(key.LastUsedAt))
		}
		return table.Flush()
	})
}

// unitCodes finds the codes of the units that keys are bound to.
func unitCodes(ctx context.Context, store *storage.Pool, keys []*storage.APIKey) (map[int64]string, error) {
	var units []int64
	for _, key := range keys {
		units = append(units, key.Organisations...)
	}
	codes, err := store.OrganisationCodes(ctx, units)
	if err != nil {
		return nil, fmt.Errorf("find the organisation units: %w", err)
	}
	return codes, nil
}

// unitsOf names the units of a key; one that is gone goes by its number.
func unitsOf(key *storage.APIKey, codes map[int64]string) string {
	if len(key.Organisations) == 0 {
		return "all"
	}
	var names []string
	for _, unit := range key.Organisations {
		code, known := codes[unit]
		if !known {
			code = fmt.Sprintf("#%d", unit)
		}
		names = append(names, code)
	}
	return strings.Join(names, " ")
}

// keyState says whether a key counts, and until when.
func keyState(key *storage.APIKey, now time.Time) string {
	switch {
	case key.RevokedAt != nil:
		return "revoked " + instant(key.RevokedAt)
	case key.ExpiresAt == nil:
		return "active"
	case !now.Before(*key.ExpiresAt):
		return "expired " + instant(key.ExpiresAt)
	default:
		return "active until " + instant(key.ExpiresAt)
	}
}

func instant(t *time.Time) string {
	if t == nil {
		return "never"
	}
	return t.UTC().Format(time.RFC3339)
}

// keyRevokeCommand ends a key.
type keyRevokeCommand struct {
	// Prefix names the key.
	Prefix string `arg:"" help:"The key's prefix, as vigie key list shows it: what stands between vk_ and the next underscore."`
}

// Help is the text of --help.
func (keyRevokeCommand) Help() string {
	return `Requests with the key are refused from now on, by every server that uses the database.

Example:
  vigie key revoke k3jx7q2a`
}

// Run is called by the parser.
func (c *keyRevokeCommand) Run(ctx context.Context, a *app) error {
	return a.withKeys(ctx, func(store *storage.Pool) error {
		key, err := store.RevokeAPIKey(ctx, c.Prefix, a.env.now())
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(a.env.stdout, "the key %s of %q is revoked\n", key.Prefix, key.Name)
		return err
	})
}

// withKeys opens the database, whose schema has to be up to date.
func (a *app) withKeys(ctx context.Context, work func(*storage.Pool) error) error {
	return a.batch(ctx, func(w workspace) error {
		err := a.requireSchema(ctx, w, false)
		if err != nil {
			return err
		}
		return work(w.store)
	})
}
