package storage

import (
	"context"
	"database/sql"
	_ "embed" // For the long statement.
	"strings"

	"github.com/lib/pq"

	"github.com/vigie-dev/vigie/domain"
)

//go:embed queries/open_items.sql
var openItemsQuery string

// OpenItemsOfCustomers reads what is open with customers, each on its own day.
func (s *Store) OpenItemsOfCustomers(ctx context.Context, days []domain.CustomerDay) (map[domain.CustomerDay]domain.OpenItems, error) {
	customers, dates := make([]int64, len(days)), make([]string, len(days))
	for i, day := range days {
		customers[i], dates[i] = day.Customer.Row, day.Today.String()
	}
	limits := domain.AgeingLimits()
	starts := make([]int64, len(limits))
	for i, limit := range limits {
		starts[i] = int64(limit) + 1
	}
	found := make(map[domain.CustomerDay]domain.OpenItems, len(days))
	for _, day := range days {
		found[day] = domain.OpenItems{}
	}
	b := builder{args: []any{pq.Array(customers), pq.Array(dates), pq.Array(starts)}}
	text := strings.Replace(openItemsQuery, "WHERE true", "WHERE "+s.scope(&b, "k"), 1)
	err := s.each(ctx, func(rows *sql.Rows) error {
		var item domain.OpenItem
		var day domain.CustomerDay
		err := rows.Scan(&item.CustomerRow, &item.Kind, &item.CurrencyCode, &item.Bucket, &item.Amount, &item.Count, &day.Today)
		day.Customer = domain.CustomerID(item.CustomerRow)
		found[day] = append(found[day], item)
		return err
	}, text, b.args...)
	return found, err
}
