package embedded

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strconv"
	"time"
)

// ErrNotRunning is what Attach returns when no process serves the data directory.
var ErrNotRunning = errors.New("no embedded Postgres runs on this data directory")

// Attached is the connection to a server that another process owns. It may end
// at any time, with its owner.
type Attached struct{ endpoint }

// URL is the connection string, password included, of the named database.
func (a *Attached) URL(database string) string { return a.url(database) }

// Attach finds the server that runs on dataDir. While its owner is still
// starting it, Attach waits until ctx ends; without an owner it returns
// ErrNotRunning at once.
func Attach(ctx context.Context, dataDir string) (*Attached, error) {
	dir, err := canonical(dataDir)
	if err != nil {
		return nil, errors.Join(ErrNotRunning, err)
	}
	tick := time.NewTicker(pollInterval)
	defer tick.Stop()
	for {
		owner, err := lockHolder(dir)
		if err != nil {
			return nil, err
		}
		if !processAlive(owner) {
			return nil, fmt.Errorf("%w: %s", ErrNotRunning, dir)
		}
		found, err := attachNow(ctx, dir)
		if err != nil || found != nil {
			return found, err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil, fmt.Errorf("wait for process %d to start Postgres on %s: %w", owner, dir, ctx.Err())
		}
	}
}

// attachNow returns nil while the server does not yet accept connections.
func attachNow(ctx context.Context, dir string) (*Attached, error) {
	c, exists, err := locate(dir, slog.New(slog.DiscardHandler))
	if err != nil || !exists {
		return nil, err
	}
	n, err := readNote(c.dir)
	if err != nil || !n.ready || !isPostmaster(n.pid, c.dir) {
		return nil, err
	}
	password, err := readPassword(dir)
	if err != nil {
		return nil, err
	}
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(n.port)))
	if err != nil {
		// It ended between the note and the call; its owner decides what next.
		return nil, nil
	}
	return &Attached{endpoint{port: n.port, password: password}}, conn.Close()
}
