package storage_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/storage"
	"github.com/vigie-dev/vigie/storage/storagetest"
)

// readOne reads a customer as a query does that was asked before; nil is none.
func readOne(ctx context.Context, s *storage.Store, shape *storage.Shape, customer int64) (*domain.Customer, error) {
	var found *domain.Customer
	root := storage.ObjectsOf[domain.Customer](s).Root([]domain.ID{domain.CustomerID(customer)}, func(_ domain.ID, item *domain.Customer) { found = item })
	err := s.ReadShaped(ctx, root, shape)
	return found, err
}

// TestGathering has requests wait behind statements that do not come to an end, and counts what they are read with.
func TestGathering(t *testing.T) {
	database := storagetest.New(t)
	db, counter := database.Counted()
	pool := storage.New(db)
	addCustomers(t, db, 30)
	var shape storage.Shape
	_, err := readOne(t.Context(), pool.For(admin()), &shape, 1)
	require.NoError(t, err)

	// A lock on the table, so that statements do not end before they are let.
	lock, err := database.SQL().BeginTx(t.Context(), nil)
	require.NoError(t, err)
	_, err = lock.ExecContext(t.Context(), `LOCK TABLE customers IN ACCESS EXCLUSIVE MODE`)
	require.NoError(t, err)
	counter.Reset()
	type answer struct {
		customer *domain.Customer
		err      error
	}
	var group sync.WaitGroup
	ask := func(ctx context.Context, customer int64, bounds storage.Bounds) *answer {
		got := &answer{}
		group.Go(func() { got.customer, got.err = readOne(ctx, pool.For(admin()).Within(bounds), &shape, customer) })
		return got
	}
	ask(t.Context(), 1, storage.Bounds{})
	ask(t.Context(), 2, storage.Bounds{})
	pool.AwaitUnderway(2)
	var answers []*answer
	for i := range int64(20) {
		answers = append(answers, ask(t.Context(), 3+i/2, storage.Bounds{})) // Each customer twice.
	}
	missing := ask(t.Context(), 999, storage.Bounds{})
	bounded := ask(t.Context(), 3, storage.Bounds{Bytes: 5})
	leaving, leave := context.WithCancel(t.Context())
	left := ask(leaving, 5, storage.Bounds{})
	pool.AwaitGathered(23)
	leave()
	require.NoError(t, lock.Rollback())
	group.Wait()

	seen := map[*domain.Customer]bool{}
	for i, got := range answers {
		require.NoError(t, got.err)
		require.NotNil(t, got.customer)
		assert.Equal(t, int64(3+i/2), got.customer.Row)
		assert.False(t, seen[got.customer], "each request has its own")
		seen[got.customer] = true
	}
	require.NoError(t, missing.err)
	assert.Nil(t, missing.customer)
	assert.Equal(t, domain.CodeTooLarge, domain.ErrorCode(bounded.err))
	if left.err == nil {
		assert.Equal(t, int64(5), left.customer.Row, "it was read before it left")
	}
	assert.Equal(t, 3, counter.Count(), "two alone, and all others together: %v", counter.Texts())
}

// TestGatheringKeepsToScopes reads as many viewers at once, over and over: each sees what it sees alone.
func TestGatheringKeepsToScopes(t *testing.T) {
	pool := addReach(t)
	viewers := reachViewers()
	viewers["admin"], viewers["customer 3"] = admin(), domain.Viewer{Role: domain.RoleCustomer, CustomerRow: 3}
	var shape storage.Shape
	var group sync.WaitGroup
	faults := make(chan error, 1)
	for name, viewer := range viewers {
		oracle := reachOracle(viewer)
		sees := func(customer int64) bool {
			switch viewer.Role {
			case domain.RoleAdmin:
				return true
			case domain.RoleCustomer:
				return customer == viewer.CustomerRow
			default:
				return oracle(customer)
			}
		}
		for worker := range int64(3) {
			group.Go(func() {
				for i := range int64(150) {
					customer := 1 + (i*197+worker*61)%2201
					got, err := readOne(t.Context(), pool.For(viewer), &shape, customer)
					if err == nil && (got != nil) != sees(customer) || got != nil && got.Row != customer {
						err = fmt.Errorf("%s and customer %d: %v", name, customer, got)
					}
					if err != nil {
						select {
						case faults <- err:
						default:
						}
						return
					}
				}
			})
		}
	}
	group.Wait()
	close(faults)
	require.NoError(t, <-faults)
}
