package main

import (
	"errors"
	"fmt"

	"github.com/vigie-dev/vigie/graph/relay"
	"github.com/vigie-dev/vigie/storage"
)

// answerConfig says how large one answer may become, and how its cursors are sealed.
type answerConfig struct {
	// MaxResponseRows and MaxResponseBytes bound what one answer may take, whatever its query was expected to cost; 0 is no bound.
	MaxResponseRows  int64 `variable:"VIGIE_MAX_RESPONSE_ROWS" default:"200000" help:"Most rows of the database that one answer may need; 0 for no bound."`
	MaxResponseBytes int64 `variable:"VIGIE_MAX_RESPONSE_BYTES" default:"67108864" help:"Most bytes that one answer may need of the database, and have itself; 0 for no bound."`
	// CursorKey is a secret.
	CursorKey string `variable:"VIGIE_CURSOR_KEY" placeholder:"KEY" help:"Secret that cursors are sealed with, 32 characters or more, the same on all servers of one API. Prefer the variable: other users can read a command line. Without it, cursors end with the process."`
}

// check is a part of the parser's validation.
func (c answerConfig) check() error {
	if c.MaxResponseRows < 0 || c.MaxResponseBytes < 0 {
		return errors.New("the most rows and bytes of an answer must not be below zero")
	}
	if c.CursorKey != "" && len(c.CursorKey) < relay.MinCursorKey {
		return fmt.Errorf("the key of cursors must have %d characters at least", relay.MinCursorKey)
	}
	return nil
}

// bounds are what the store of one answer hands out at most.
func (c answerConfig) bounds() storage.Bounds {
	return storage.Bounds{Rows: c.MaxResponseRows, Bytes: c.MaxResponseBytes}
}

// cursors seals cursors with the configured key, or with that of the demo.
func (c answerConfig) cursors(a *app, guard *guard) (*relay.Cursors, error) {
	switch {
	case c.CursorKey != "":
		return relay.NewCursors([]byte(c.CursorKey))
	case len(guard.cursorKey) > 0:
		return relay.NewCursors(guard.cursorKey)
	}
	a.log.Warn("cursors end with this process: set VIGIE_CURSOR_KEY to keep them, and where several servers answer")
	return relay.OwnCursors()
}
