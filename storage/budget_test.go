package storage_test

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/storage"
	"github.com/vigie-dev/vigie/storage/storagetest"
)

// TestAStoreHandsOutNoMoreThanItsBounds, however many statements that takes, and none of what is beyond.
func TestAStoreHandsOutNoMoreThanItsBounds(t *testing.T) {
	database := storagetest.New(t)
	for _, statement := range []string{
		`INSERT INTO organisations (id, code, name, currency) VALUES (1, 'EU', 'Europe', 'EUR')`,
		`INSERT INTO customers (customer_id, organisation_id, number, name, currency) SELECT i, 1, 'C' || i, repeat('x', 1000), 'EUR' FROM generate_series(1, 30) i`,
		`INSERT INTO contacts (customer_id, id, name) SELECT 1 + i % 30, i, 'Contact' FROM generate_series(1, 60) i`,
	} {
		_, err := database.SQL().ExecContext(t.Context(), statement)
		require.NoError(t, err)
	}
	counted, counter := database.Counted()
	pool := storage.New(counted)
	first := func(n int) domain.PageRequest { return domain.PageRequest{Limit: n} }
	admin := domain.Viewer{Role: domain.RoleAdmin}

	store := pool.For(admin).Within(storage.Bounds{Rows: 25})
	page, err := store.Customers().Page(t.Context(), first(10)) // 11 rows: one tells whether there are more.
	require.NoError(t, err)
	assert.Len(t, page.Items, 10)
	_, err = store.Customers().Page(t.Context(), first(13)) // 25 rows in all.
	require.NoError(t, err)
	_, err = store.CustomersByID(t.Context(), []domain.ID{domain.CustomerID(1)})
	assert.Equal(t, domain.CodeTooLarge, domain.ErrorCode(err))
	assert.EqualError(t, err, "the answer needs more than 25 rows of the database: ask for less at once")
	counter.Reset()
	_, err = store.CustomersByID(t.Context(), []domain.ID{domain.CustomerID(1)})
	assert.Equal(t, domain.CodeTooLarge, domain.ErrorCode(err))
	assert.Zero(t, counter.Count(), "whoever has had too much asks no more")

	store = pool.For(admin).Within(storage.Bounds{Bytes: 15_000})
	_, err = store.Customers().Page(t.Context(), first(10))
	require.NoError(t, err)
	_, err = store.Customers().Page(t.Context(), first(10))
	assert.EqualError(t, err, "the answer needs more than 15000 bytes of the database: ask for less at once")

	store = pool.For(admin).Within(storage.Bounds{Rows: 5})
	_, err = store.ContactsOfCustomers().Pages(t.Context(), []domain.ID{domain.CustomerID(1), domain.CustomerID(2), domain.CustomerID(3)}, first(2))
	assert.Equal(t, domain.CodeTooLarge, domain.ErrorCode(err), "rows of many parents count as well")

	for _, store := range []*storage.Store{pool.For(admin), pool.For(admin).Within(storage.Bounds{})} {
		page, err = store.Customers().Page(t.Context(), first(100))
		require.NoError(t, err)
		assert.Len(t, page.Items, 30)
	}
}

// TestABudgetIsSharedByAllThatReadAtOnce: the fields of an answer do.
func TestABudgetIsSharedByAllThatReadAtOnce(t *testing.T) {
	database := storagetest.New(t)
	for _, statement := range []string{
		`INSERT INTO organisations (id, code, name, currency) VALUES (1, 'EU', 'Europe', 'EUR')`,
		`INSERT INTO customers (customer_id, organisation_id, number, name, currency) SELECT i, 1, 'C' || i, 'x', 'EUR' FROM generate_series(1, 30) i`,
	} {
		_, err := database.SQL().ExecContext(t.Context(), statement)
		require.NoError(t, err)
	}
	store := storage.New(database.SQL()).For(domain.Viewer{Role: domain.RoleAdmin}).Within(storage.Bounds{Rows: 50})
	var readers sync.WaitGroup
	var mu sync.Mutex
	read := 0
	for range 20 {
		readers.Go(func() {
			page, err := store.Customers().Page(t.Context(), domain.PageRequest{Limit: 9})
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				assert.Equal(t, domain.CodeTooLarge, domain.ErrorCode(err))
				return
			}
			read += len(page.Items) + 1
		})
	}
	readers.Wait()
	assert.LessOrEqual(t, read, 50)
}
