package storagetest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/lib/pq"

	"github.com/vigie-dev/vigie/storage"
	"github.com/vigie-dev/vigie/storage/embedded"
)

const (
	// serverEnv names a server to use instead of starting one. Its account must
	// be allowed to create databases.
	serverEnv = "VIGIE_TEST_DATABASE_URL"
	// emptyTemplate is the pristine database that every Postgres has.
	emptyTemplate = "template0"
	startTime     = 3 * time.Minute
	adminConns    = 4
	// copyStrategySince is the first version (as server_version_num) in which
	// the way of copying a template is a choice.
	copyStrategySince = 150000
)

// harness starts the server and the template when they are first wanted. What
// failed once is not tried again: every test would wait for the same failure.
type harness struct {
	mu      sync.Mutex
	isOpen  bool
	current *server
	err     error

	migrated    string
	migratedErr error
}

func (h *harness) open() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.isOpen = true
}

// server returns the running server.
func (h *harness) server(ctx context.Context) (*server, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.start(ctx)
}

func (h *harness) start(ctx context.Context) (*server, error) {
	if !h.isOpen {
		return nil, errors.New("the package's TestMain does not call storagetest.Main")
	}
	if h.current == nil && h.err == nil {
		h.current, h.err = startServer(ctx)
	}
	return h.current, h.err
}

// template returns the name of the migrated template.
func (h *harness) template(ctx context.Context) (string, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	s, err := h.start(ctx)
	if err != nil {
		return "", err
	}
	if h.migrated == "" && h.migratedErr == nil {
		h.migrated, h.migratedErr = s.makeTemplate(ctx)
	}
	return h.migrated, h.migratedErr
}

func (h *harness) close() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.isOpen = false
	if h.current == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), cleanupTime)
	defer cancel()
	return h.current.stop(ctx, h.migrated)
}

// server is where the databases live.
type server struct {
	base  *url.URL
	admin *sql.DB
	// owned is nil when the server is somebody else's.
	owned *embedded.Server
	// copyOption makes CREATE DATABASE copy the template's files, which without
	// fsync is quicker than logging every page of them.
	copyOption string
}

func startServer(ctx context.Context) (*server, error) {
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	s := &server{}
	address := os.Getenv(serverEnv)
	if address == "" {
		owned, err := embedded.Start(ctx, embedded.Config{Ephemeral: true})
		if err != nil {
			return nil, err
		}
		s.owned = owned
		address = owned.URL(embedded.Database)
	}
	err := s.connect(ctx, address)
	if err != nil {
		return nil, errors.Join(err, s.stop(ctx, ""))
	}
	return s, nil
}

func (s *server) connect(ctx context.Context, address string) error {
	base, err := url.Parse(address)
	if err != nil || base.Host == "" {
		return fmt.Errorf("%s is not a postgres:// address", serverEnv)
	}
	connector, err := pq.NewConnector(address)
	if err != nil {
		return fmt.Errorf("use the address of the test server: %w", err)
	}
	s.base = base
	s.admin = sql.OpenDB(connector)
	s.admin.SetMaxOpenConns(adminConns)
	s.admin.SetMaxIdleConns(adminConns)
	var version int
	err = s.admin.QueryRowContext(ctx, `SELECT current_setting('server_version_num')::int`).Scan(&version)
	if err != nil {
		return fmt.Errorf("connect to the test server: %w", err)
	}
	if version >= copyStrategySince {
		s.copyOption = " STRATEGY FILE_COPY"
	}
	return nil
}

// url is the connection string of a database on this server.
func (s *server) url(database string) string {
	address := *s.base
	address.Path = "/" + database
	return address.String()
}

// create makes a database with a name of its own.
func (s *server) create(ctx context.Context, prefix, template string) (string, error) {
	name := prefix + "_" + strings.ToLower(rand.Text())
	statement := `CREATE DATABASE ` + pq.QuoteIdentifier(name) + ` TEMPLATE ` + pq.QuoteIdentifier(template) + s.copyOption
	_, err := s.admin.ExecContext(ctx, statement)
	if err != nil {
		return "", fmt.Errorf("copy %s: %w", template, err)
	}
	return name, nil
}

func (s *server) drop(ctx context.Context, name string) error {
	_, err := s.admin.ExecContext(ctx, `DROP DATABASE IF EXISTS `+pq.QuoteIdentifier(name)+` WITH (FORCE)`)
	return err
}

// makeTemplate migrates a database and closes it to connections, which would
// block copying it.
func (s *server) makeTemplate(ctx context.Context) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	name, err := s.create(ctx, "vigie_template", emptyTemplate)
	if err != nil {
		return "", err
	}
	connector, err := pq.NewConnector(s.url(name))
	if err != nil {
		return "", fmt.Errorf("connect to the template: %w", err)
	}
	db := sql.OpenDB(connector)
	_, err = storage.Migrate(ctx, db)
	err = errors.Join(err, db.Close())
	if err == nil {
		_, err = s.admin.ExecContext(ctx, `ALTER DATABASE `+pq.QuoteIdentifier(name)+` ALLOW_CONNECTIONS false`)
	}
	if err != nil {
		return "", errors.Join(err, s.drop(ctx, name))
	}
	return name, nil
}

// stop leaves a foreign server as it was found and ends an owned one.
func (s *server) stop(ctx context.Context, template string) error {
	var err error
	if s.admin != nil {
		if s.owned == nil && template != "" {
			err = s.drop(ctx, template)
		}
		err = errors.Join(err, s.admin.Close())
	}
	if s.owned != nil {
		err = errors.Join(err, s.owned.Stop(ctx))
	}
	return err
}
