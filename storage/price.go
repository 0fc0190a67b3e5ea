package storage

import (
	"context"
	"database/sql"
	"strings"

	"github.com/lib/pq"

	"github.com/vigie-dev/vigie/domain"
)

// maxPrices bounds the prices of one product in an answer.
const maxPrices = 100

// PricesOfProducts reads what products cost: list prices and, with a customer, its segment's and its contract's, smallest quantity first.
func (s *Store) PricesOfProducts(ctx context.Context, ids []domain.ID, query domain.PriceQuery) (map[domain.ID][]*domain.Price, error) {
	const shape = `-- name: pricesOfProduct
SELECT q.product_id, q.kind, q.segment, q.currency, q.min_quantity, q.amount, q.valid_from, q.valid_to
FROM (
    SELECT p.product_id, p.kind, p.segment, p.currency, p.min_quantity, p.amount, p.valid_from, p.valid_to
    FROM prices p
    WHERE p.product_id = ANY($1)
      AND (p.kind = 'LIST' OR p.segment = (SELECT c.segment FROM customers c WHERE c.customer_id = $2::bigint AND SCOPE))
    UNION ALL
    SELECT t.product_id, 'CONTRACT', NULL, t.currency, t.min_quantity, t.amount, t.valid_from, t.valid_to
    FROM contract_prices t
    JOIN customers c ON c.customer_id = t.customer_id
    WHERE t.customer_id = $2::bigint AND t.product_id = ANY($1) AND SCOPE
) q
WHERE ($3::date IS NULL OR (coalesce(q.valid_from <= $3::date, true) AND coalesce(q.valid_to >= $3::date, true)))
  AND ($4::text = '' OR q.currency = $4::text)
ORDER BY q.product_id, q.min_quantity, q.kind, q.currency, q.valid_from NULLS FIRST`
	var day any
	if query.ValidOn != (domain.Date{}) {
		day = query.ValidOn.String()
	}
	b := builder{args: []any{pq.Array(rowsOf(ids)), query.Customer, day, query.Currency}}
	text := strings.ReplaceAll(shape, "SCOPE", s.customerScope(&b, "c"))
	found := make(map[domain.ID][]*domain.Price, len(ids))
	err := s.each(ctx, func(rows *sql.Rows) error {
		var price domain.Price
		err := rows.Scan(&price.ProductRow, &price.Kind, &price.Segment, &price.CurrencyCode, &price.FromQuantity, &price.Amount, &price.ValidFrom, &price.ValidTo)
		id := domain.SharedID(domain.KindProduct, price.ProductRow)
		if len(found[id]) < maxPrices {
			found[id] = append(found[id], &price)
		}
		return err
	}, text, b.args...)
	return found, err
}
