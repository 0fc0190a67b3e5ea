package storage_test

import (
	"testing"

	"github.com/lib/pq"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/storage"
)

// TestUniqueOrders holds that where a relation breaks no ties Postgres sees to it that there are none.
func TestUniqueOrders(t *testing.T) {
	_, db := newStore(t)
	orders := storage.UniqueOrders()
	assert.Len(t, orders, 3)
	for name, order := range orders {
		var held bool
		require.NoError(t, db.QueryRowContext(t.Context(), `SELECT EXISTS (
			SELECT FROM pg_index i WHERE i.indrelid = $1::regclass AND i.indisunique AND i.indpred IS NULL AND
				(SELECT array_agg(a.attname::text ORDER BY k.n) FROM unnest(i.indkey) WITH ORDINALITY k (attnum, n)
				JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum) = $2::text[])`,
			order.Table, pq.Array(order.Columns)).Scan(&held))
		assert.True(t, held, "%s: %s has no unique index over %v", name, order.Table, order.Columns)
	}
}
