package storage_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/storage"
	"github.com/vigie-dev/vigie/storage/storagetest"
)

// listener keeps what it hears of statements.
type listener struct {
	mu    sync.Mutex
	heard []string
}

// Statement implements storage.Observer.
func (l *listener) Statement(_ context.Context, name string, rows int, began time.Time, took time.Duration, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	outcome := "OK"
	if err != nil {
		outcome = string(domain.ErrorCode(err))
	}
	if took <= 0 || time.Since(began) < took {
		outcome = fmt.Sprintf("at %s for %s", began, took)
	}
	l.heard = append(l.heard, fmt.Sprintf("%s %d %s", name, rows, outcome))
}

// take is what was heard since it was last called.
func (l *listener) take() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	heard := l.heard
	l.heard = nil
	return heard
}

func TestStatementsAreTold(t *testing.T) {
	database := storagetest.New(t)
	addCustomers(t, database.SQL(), 3)
	var listener listener
	pool, err := storage.Open(t.Context(), storage.Config{URL: database.URL, Observer: &listener})
	require.NoError(t, err)
	defer func() { assert.NoError(t, pool.Close()) }()
	store := pool.For(admin())
	listener.take()

	_, err = store.CustomersByID(t.Context(), []domain.ID{domain.CustomerID(1), domain.CustomerID(3), domain.CustomerID(99)})
	require.NoError(t, err)
	assert.Equal(t, []string{"CustomerByID 2 OK"}, listener.take(), "two of three are there")

	require.NoError(t, pool.Ping(t.Context()))
	assert.Equal(t, []string{"ping 0 OK"}, listener.take())

	entry := domain.AuditEntry{At: time.Now(), Subject: "s", Role: domain.RoleAgent, Action: domain.AuditRead}
	require.NoError(t, pool.WriteAuditEntries(t.Context(), []domain.AuditEntry{entry, entry}))
	assert.Equal(t, []string{"insertAuditEntries 2 OK"}, listener.take())

	gone, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = store.CustomersByID(gone, []domain.ID{domain.CustomerID(1)})
	require.Error(t, err)
	assert.Equal(t, []string{"CustomerByID 0 " + string(domain.ErrorCode(err))}, listener.take())
}
