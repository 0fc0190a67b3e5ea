package main

import (
	"context"
	"fmt"

	"github.com/vigie-dev/vigie/storage"
)

// migrateCommand brings the schema up to date.
type migrateCommand struct {
	// Check only looks.
	Check bool `help:"Change nothing; fail when migrations are pending."`
}

// Help is the text of --help.
func (migrateCommand) Help() string {
	return `Applies the migrations that the database lacks, under a lock, so several may run at once.

Example:
  DATABASE_URL=postgres://vigie:secret@db.internal/vigie vigie migrate`
}

// Run is called by the parser.
func (c *migrateCommand) Run(ctx context.Context, a *app) error {
	return a.batch(ctx, func(w workspace) error {
		if c.Check {
			count, err := storage.PendingMigrations(ctx, w.store.DB())
			if err != nil {
				return fmt.Errorf("look for pending migrations: %w", err)
			}
			if count > 0 {
				return &pendingError{count}
			}
		} else {
			applied, err := a.migrate(ctx, w)
			if err != nil {
				return err
			}
			fmt.Fprintf(a.env.stdout, "%s: %d migrations applied\n", w.database.description, applied)
		}
		fmt.Fprintf(a.env.stdout, "%s: the schema is at version %d\n", w.database.description, storage.LatestMigration())
		return nil
	})
}
