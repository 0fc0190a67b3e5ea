// Package embedded runs a private Postgres as a child process, for the demo and
// for tests: no installation to configure, no fixed port, nothing left behind.
//
// A data directory belongs to one Server at a time (a file lock says so). It
// holds the password, the log and, where the account that runs Postgres may
// enter it, the cluster. Postgres refuses to run as root, so root drops to an
// unprivileged account; if that account cannot enter the data directory, the
// cluster lies below /var/lib/vigie and the data directory only names it.
//
// The package speaks to Postgres through files and signals alone and needs no
// driver.
package embedded

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"strconv"
	"sync"
	"time"
)

// superuser is the role that owns everything in an embedded cluster.
const superuser = "vigie"

// Database is the database that every embedded cluster has from the start.
const Database = "postgres"

// How long the stages of a shutdown may take before the next, harsher one.
const (
	fastShutdownTime      = 20 * time.Second
	immediateShutdownTime = 5 * time.Second
)

// Config says what to start and where. Only DataDir is required, and not even
// that when Ephemeral is set.
type Config struct {
	// DataDir keeps everything between two starts. It is created when missing.
	// Empty together with Ephemeral means a fresh temporary directory.
	DataDir string
	// Ephemeral trades durability for speed (no fsync, small buffers) and makes
	// Stop remove the data directory.
	Ephemeral bool
	// BinDir is the directory of the initdb and postgres programs. Empty means
	// the environment's VIGIE_POSTGRES_BIN, then the machine's installations,
	// then a download.
	BinDir string
	// CacheDir keeps downloaded programs. Empty means the user's cache
	// directory, for root one that an unprivileged account can read.
	CacheDir string
	// RepositoryURL is the base of the repository that programs are downloaded
	// from. Empty means the downloader's own default.
	RepositoryURL string
	// Settings are server parameters that override this package's choice.
	Settings map[string]string
	// Log receives progress. Nil discards it.
	Log *slog.Logger

	// clusterHome replaces defaultClusterHome in tests.
	clusterHome string
}

// InUseError says that another live process holds the data directory.
type InUseError struct {
	DataDir string
	// PID is the holder's process id, 0 when it has not yet written it down.
	PID int
}

// Error names the directory and its holder.
func (e *InUseError) Error() string {
	if e.PID == 0 {
		return fmt.Sprintf("the data directory %s is in use by another process", e.DataDir)
	}
	return fmt.Sprintf("the data directory %s is in use by process %d", e.DataDir, e.PID)
}

// endpoint is what a client needs to connect.
type endpoint struct {
	port     int
	password string
}

func (e endpoint) url(database string) string {
	u := url.URL{
		Scheme:   "postgres",
		User:     url.UserPassword(superuser, e.password),
		Host:     net.JoinHostPort("127.0.0.1", strconv.Itoa(e.port)),
		Path:     "/" + database,
		RawQuery: "sslmode=disable",
	}
	return u.String()
}

// Server is a running Postgres that this process owns.
type Server struct {
	endpoint
	config     Config
	lock       *dirLock
	cluster    cluster
	postmaster *postmaster

	stopOnce sync.Once
	stopErr  error
}

// Start brings up Postgres on cfg.DataDir, creating the cluster when there is
// none, and returns when it accepts connections. The context bounds the start
// only; the server runs until Stop. It returns *InUseError when another process
// holds the directory.
func Start(ctx context.Context, cfg Config) (*Server, error) {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.clusterHome == "" {
		cfg.clusterHome = defaultClusterHome
	}
	lock, err := claim(&cfg)
	if err != nil {
		return nil, err
	}
	s := &Server{config: cfg, lock: lock}
	err = s.start(ctx)
	if err != nil {
		return nil, errors.Join(err, s.release())
	}
	return s, nil
}

// claim makes and locks the data directory and leaves its canonical path in cfg.
func claim(cfg *Config) (*dirLock, error) {
	if cfg.DataDir == "" {
		if !cfg.Ephemeral {
			return nil, errors.New("no data directory given for Postgres")
		}
		sweepTemporary(os.TempDir(), cfg.Log)
		lock, err := lockTemporary(os.TempDir())
		if err != nil {
			return nil, err
		}
		cfg.DataDir = lock.dir
		return lock, nil
	}
	err := os.MkdirAll(cfg.DataDir, dataDirMode())
	if err != nil {
		return nil, fmt.Errorf("make the data directory: %w", err)
	}
	cfg.DataDir, err = canonical(cfg.DataDir)
	if err != nil {
		return nil, err
	}
	return lockDir(cfg.DataDir)
}

func (s *Server) start(ctx context.Context) error {
	began := time.Now()
	cfg := s.config
	found, exists, err := locate(cfg.DataDir, cfg.Log)
	if err != nil {
		return err
	}
	acct, err := serverAccount(found, exists)
	if err != nil {
		return err
	}
	if acct != nil {
		err = sweepClusters(cfg.clusterHome, os.TempDir(), cfg.Log)
		if err != nil {
			cfg.Log.Warn("cannot remove abandoned database clusters", "error", err)
		}
	}
	major := 0
	if exists {
		major, err = found.major()
		if err != nil {
			return err
		}
	}
	bin, err := findBinaries(ctx, cfg, acct, major)
	if err != nil {
		return err
	}
	if !exists {
		found, err = place(ctx, cfg, bin, acct)
		if err != nil {
			return err
		}
	}
	s.cluster = found
	if exists {
		err = stopOrphan(ctx, found.dir, cfg.Log)
		if err != nil {
			return err
		}
		s.password, err = readPassword(cfg.DataDir)
	} else {
		s.password, err = initialise(ctx, cfg, bin, acct, found)
	}
	if err != nil {
		return err
	}
	s.postmaster, err = launch(ctx, cfg, bin, acct, found)
	if err != nil {
		return err
	}
	s.port = s.postmaster.port
	cfg.Log.Debug("embedded Postgres accepts connections",
		"version", bin.version, "port", s.port, "took", time.Since(began).Round(time.Millisecond))
	return nil
}

// URL is the connection string, password included, of the named database on
// this server. The database Database always exists.
func (s *Server) URL(database string) string { return s.url(database) }

// Done is closed when the Postgres process has ended, whatever the reason.
func (s *Server) Done() <-chan struct{} { return s.postmaster.done }

// Err says why Postgres ended by itself. It is nil while it runs and after Stop.
func (s *Server) Err() error { return s.postmaster.failure() }

// Stop ends Postgres and frees the data directory. It asks for a fast shutdown
// first and insists when that takes too long or ctx ends; it returns only when
// the process is gone. Later calls return the first call's result.
func (s *Server) Stop(ctx context.Context) error {
	s.stopOnce.Do(func() {
		err := s.postmaster.shutdown(ctx, s.config.Ephemeral)
		s.stopErr = errors.Join(err, s.release())
	})
	return s.stopErr
}

// release gives up the data directory, and removes it when it was ephemeral.
func (s *Server) release() error {
	var err error
	if s.config.Ephemeral {
		err = errors.Join(s.cluster.remove(), os.RemoveAll(s.config.DataDir))
	}
	return errors.Join(err, s.lock.release())
}
