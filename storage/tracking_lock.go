package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/lib/pq"

	"github.com/vigie-dev/vigie/domain"
)

// mostWrites is how often a transaction is tried that others stand in the way of.
const mostWrites = 6

// UpdateTracked lets decide tell what is to be written of shipments, and writes it: all of it, or nothing with an error. Nobody else writes
// down what is said of them meanwhile. Shipments that are not there, not for the viewer, or of a customer that was erased are not among
// those that decide gets; where it is none, decide is not called. It is called anew where the transaction has to be tried again.
func (s *Store) UpdateTracked(
	ctx context.Context, ids []domain.ID, decide func(map[domain.ID]*domain.Tracked) []domain.TrackingUpdate,
) error {
	if len(ids) == 0 {
		return nil
	}
	for attempt := 1; ; attempt++ {
		err := s.updateTracked(ctx, ids, decide)
		if err == nil || attempt == mostWrites || !collided(err) {
			return err
		}
		wait := time.Duration(rand.Int64N(int64(10*time.Millisecond) << attempt))
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return err
		}
	}
}

// collided tells whether a transaction failed because of others, so that it may succeed when it is tried again.
func collided(err error) bool {
	var failure *pq.Error
	return errors.As(err, &failure) && (failure.Code == "40001" || failure.Code == "40P01" || failure.Code == "55P03")
}

func (s *Store) updateTracked(
	ctx context.Context, ids []domain.ID, decide func(map[domain.ID]*domain.Tracked) []domain.TrackingUpdate,
) error {
	tx, err := s.pool.db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("write down what is tracked: %w", Translate(err))
	}
	defer func() { _ = tx.Rollback() }() // After a commit there is nothing to roll back.
	w := &trackingWriter{pool: s.pool, tx: tx}
	locked, err := s.lockTracked(ctx, w, ids)
	if err != nil {
		return err
	}
	// They are read once they are locked: the statement that waited for a lock sees the other tables as they were before.
	tracked, err := s.tracked(ctx, w.each, locked)
	if err != nil || len(tracked) == 0 {
		return err
	}
	err = w.write(ctx, decide(tracked))
	if err != nil {
		return err
	}
	err = tx.Commit()
	if err != nil {
		return fmt.Errorf("write down what is tracked: %w", Translate(err))
	}
	return nil
}

// trackingLock is the class of the advisory locks of shipments whose tracking is being written down.
const trackingLock = 0x7472

// lockTracked holds shipments until the transaction ends and gives those that there are. Whoever writes down what is tracked waits for the others
// who do, by locks that nobody else takes; for a shipment that somebody else writes, such as an import, which holds many in an order of its own
// for minutes, it does not wait: so no import fails because of it. Their customers are held before, so that none is erased meanwhile: one that was
// has nothing more to be told of.
func (s *Store) lockTracked(ctx context.Context, w *trackingWriter, ids []domain.ID) ([]domain.ID, error) {
	const alone = `-- name: lockTracking
SELECT pg_advisory_xact_lock($1, k.key) FROM (SELECT DISTINCT hashint8(r) AS key FROM unnest($2::bigint[]) r ORDER BY 1) k`
	err := w.each(ctx, func(*sql.Rows) error { return nil }, alone, trackingLock, pq.Array(rowsOf(ids)))
	if err != nil {
		return nil, fmt.Errorf("wait for others who write down what is tracked: %w", err)
	}
	customers, err := s.lockTrackedCustomers(ctx, w, ids)
	if err != nil {
		return nil, err
	}
	b := &builder{}
	text := "-- name: lockTracked\nSELECT c.customer_id, c.id FROM shipments c\nJOIN unnest(" + b.array(customersOf(ids)) + ", " +
		b.array(rowsOf(ids)) + ") AS asked (customer_id, id) ON c.customer_id = asked.customer_id AND c.id = asked.id\nWHERE c.customer_id = ANY (" +
		b.array(customers) + ") ORDER BY c.customer_id, c.id FOR NO KEY UPDATE OF c NOWAIT"
	var locked []domain.ID
	err = w.each(ctx, func(rows *sql.Rows) error {
		var customer, row int64
		err := rows.Scan(&customer, &row)
		locked = append(locked, domain.OwnedID(domain.KindShipment, customer, row))
		return err
	}, text, b.args...)
	if err != nil {
		return nil, fmt.Errorf("hold what is tracked: %w", err)
	}
	return locked, nil
}

func (s *Store) lockTrackedCustomers(ctx context.Context, w *trackingWriter, ids []domain.ID) ([]int64, error) {
	b := &builder{}
	text := "-- name: lockTrackedCustomers\nSELECT v.customer_id FROM customers v WHERE v.customer_id = ANY (" + b.array(customersOf(ids)) +
		") AND v.name <> " + erasedText + " AND " + s.customerScope(b, "v") + "\nORDER BY v.customer_id FOR KEY SHARE OF v"
	var customers []int64
	err := w.each(ctx, func(rows *sql.Rows) error {
		var customer int64
		err := rows.Scan(&customer)
		customers = append(customers, customer)
		return err
	}, text, b.args...)
	if err != nil {
		return nil, fmt.Errorf("hold the customers of what is tracked: %w", err)
	}
	return customers, nil
}
