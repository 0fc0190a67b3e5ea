package storage

import (
	"context"
	"database/sql"

	"github.com/lib/pq"

	"github.com/vigie-dev/vigie/domain"
)

// StockOfProducts reads how much of products there is, by warehouse.
func (s *Store) StockOfProducts(ctx context.Context, ids []domain.ID) (map[domain.ID][]*domain.Stock, error) {
	const text = `-- name: stockOfProduct
SELECT s.product_id, s.warehouse_id, s.on_hand, s.allocated, s.counted_at
FROM stock s JOIN warehouses w ON w.id = s.warehouse_id
WHERE s.product_id = ANY($1) ORDER BY s.product_id, w.code`
	found := make(map[domain.ID][]*domain.Stock, len(ids))
	err := s.each(ctx, func(rows *sql.Rows) error {
		var stock domain.Stock
		err := rows.Scan(&stock.ProductRow, &stock.WarehouseRow, &stock.QuantityOnHand, &stock.QuantityAllocated, &stock.CountedAt)
		id := domain.SharedID(domain.KindProduct, stock.ProductRow)
		found[id] = append(found[id], &stock)
		return err
	}, text, pq.Array(rowsOf(ids)))
	return found, err
}

// InboundOfStock reads the next 20 deliveries of goods to each product's place in a warehouse.
func (s *Store) InboundOfStock(ctx context.Context, keys []domain.StockKey) (map[domain.StockKey][]*domain.Inbound, error) {
	const text = `-- name: inboundOfStock
SELECT i.product_id, i.warehouse_id, i.quantity, i.expected_on, i.reference
FROM unnest($1::bigint[], $2::bigint[]) AS k (product_id, warehouse_id)
CROSS JOIN LATERAL (
    SELECT i.product_id, i.warehouse_id, i.quantity, i.expected_on, i.reference FROM inbound i
    WHERE i.product_id = k.product_id AND i.warehouse_id = k.warehouse_id ORDER BY i.expected_on, i.id LIMIT 20) i`
	products, warehouses := make([]int64, len(keys)), make([]int64, len(keys))
	for i, key := range keys {
		products[i], warehouses[i] = key.Product, key.Warehouse
	}
	found := make(map[domain.StockKey][]*domain.Inbound, len(keys))
	err := s.each(ctx, func(rows *sql.Rows) error {
		var inbound domain.Inbound
		err := rows.Scan(&inbound.ProductRow, &inbound.WarehouseRow, &inbound.Expected, &inbound.ExpectedOn, &inbound.Reference)
		key := domain.StockKey{Product: inbound.ProductRow, Warehouse: inbound.WarehouseRow}
		found[key] = append(found[key], &inbound)
		return err
	}, text, pq.Array(products), pq.Array(warehouses))
	return found, err
}
