package storage

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/vigie-dev/vigie/domain"
)

// EtaStatementsOfShipments reads what was said of when shipments arrive, in the order in which it was said. Shipments of which nothing was said
// are not in the map.
func (s *Store) EtaStatementsOfShipments(ctx context.Context, ids []domain.ID) (map[domain.ID]*domain.EtaStatements, error) {
	b := &builder{}
	text := `-- name: etaStatementsOfShipment
SELECT c.customer_id, c.id, c.promised_on, l.time_zone, e.statement
FROM shipments c JOIN unnest(` + b.array(customersOf(ids)) + ", " + b.array(rowsOf(ids)) + `) AS asked (customer_id, id)
  ON c.customer_id = asked.customer_id AND c.id = asked.id
JOIN eta_statements e ON e.customer_id = c.customer_id AND e.shipment_id = c.id
LEFT JOIN sites l ON l.customer_id = c.customer_id AND l.id = c.site_id
WHERE ` + s.scope(b, "c") + `
ORDER BY c.customer_id, c.id, e.observed_at, e.id`
	found := make(map[domain.ID]*domain.EtaStatements, len(ids))
	err := s.each(ctx, func(rows *sql.Rows) error {
		var customer, row int64
		var read domain.EtaStatements
		var statement []byte
		err := rows.Scan(&customer, &row, &read.PromisedOn, &read.TimeZone, &statement)
		if err != nil {
			return err
		}
		id := domain.OwnedID(domain.KindShipment, customer, row)
		of := found[id]
		if of == nil {
			of = &read
			found[id] = of
		}
		of.Statements = append(of.Statements, statement)
		return nil
	}, text, b.args...)
	if err != nil {
		return nil, fmt.Errorf("read statements of arrival: %w", err)
	}
	return found, nil
}
