package main

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"fmt"
	"strconv"
)

// growthConnections is how many connections the growth is measured over.
const growthConnections = 16

// heavySource marks the customers that are made for the growth; they are not counted among the others.
const heavySource = "bench"

//go:embed heavy.sql
var heavySQL string

// measureGrowth measures the queries as customers become more, and the customer page as one customer's orders do.
func (b *bench) measureGrowth(ctx context.Context) error {
	var records []record
	for i, size := range b.sizes {
		err := b.withDatabase(ctx, size, func(db *database) error {
			return b.withServer(ctx, db, func(s *server) error {
				grown, err := b.growCustomers(ctx, db, s)
				records = append(records, grown...)
				if err != nil || i > 0 {
					return err
				}
				// The smallest database will do for the rest: rows of others are not read.
				grown, err = b.growOrders(ctx, db, s)
				records = append(records, grown...)
				return err
			})
		})
		if err != nil {
			return errors.Join(err, b.print(records))
		}
	}
	return b.print(records)
}

func (b *bench) growCustomers(ctx context.Context, db *database, s *server) ([]record, error) {
	customers, err := b.sample(ctx, s)
	if err != nil {
		return nil, err
	}
	var records []record
	for _, name := range b.queries {
		r, err := b.measure(ctx, db, s, name, customers, growthConnections)
		if err != nil {
			return records, err
		}
		records = append(records, r)
	}
	return records, nil
}

func (b *bench) growOrders(ctx context.Context, db *database, s *server) ([]record, error) {
	var records []record
	for _, orders := range b.orders {
		number, err := makeHeavy(ctx, db.pool, orders)
		if err != nil {
			return records, err
		}
		r, err := b.measure(ctx, db, s, customerPage, []customer{{Number: number}}, growthConnections)
		if err != nil {
			return records, err
		}
		r.Orders = orders
		records = append(records, r)
	}
	return records, nil
}

// makeHeavy makes a customer with so many orders, where it is not there yet, and returns its number.
func makeHeavy(ctx context.Context, db *sql.DB, orders int) (string, error) {
	number := "BENCH-" + strconv.Itoa(orders)
	var there bool
	err := db.QueryRowContext(ctx, `SELECT EXISTS (SELECT FROM customers WHERE upper(number) = $1)`, number).Scan(&there)
	if err != nil || there {
		return number, err
	}
	_, err = db.ExecContext(ctx, heavySQL, number, orders, heavySource)
	if err != nil {
		return "", fmt.Errorf("make a customer with %d orders: %w", orders, err)
	}
	_, err = db.ExecContext(ctx, `VACUUM (ANALYZE) customers, orders, order_lines, shipments, tracking_events, invoices`)
	if err != nil {
		return "", fmt.Errorf("vacuum what is new: %w", err)
	}
	return number, nil
}
