package storage

import (
	"database/sql"
	"fmt"
	"sync/atomic"

	"github.com/vigie-dev/vigie/domain"
)

// Bounds are how much one Store hands out at most, whatever its reader asks for. Zero is no bound.
type Bounds struct {
	// Rows are counted as Postgres sends them, those that only tell whether a list goes on included.
	Rows int64
	// Bytes are those of the rows' values.
	Bytes int64
}

// Within bounds what the Store hands out from now on, and returns it. It is for the Store of one response, and is called before anything is read.
func (s *Store) Within(bounds Bounds) *Store {
	s.budget = &budget{bounds: bounds}
	return s
}

// budget counts what a Store has handed out. A nil budget is without bounds. It is safe for concurrent use.
type budget struct {
	bounds      Bounds
	rows, bytes atomic.Int64
}

// counting makes scan count, and fail with CodeTooLarge at the row that is too much. Where there has been too much before, nothing is to be read.
func (b *budget) counting(scan func(*sql.Rows) error) (func(*sql.Rows) error, error) {
	if b == nil || b.bounds == (Bounds{}) {
		return scan, nil
	}
	err := b.take(0, 0)
	if err != nil {
		return nil, err
	}
	var size rowSize
	return func(rows *sql.Rows) error {
		bytes, err := size.of(rows)
		if err != nil {
			return err
		}
		err = b.take(1, bytes)
		if err != nil {
			return err
		}
		return scan(rows)
	}, nil
}

// take counts what is handed out, and fails with CodeTooLarge where that is too much.
func (b *budget) take(rows, bytes int64) error {
	if b == nil || b.bounds == (Bounds{}) {
		return nil
	}
	read, taken := b.rows.Add(rows), b.bytes.Add(bytes)
	switch {
	case b.bounds.Rows > 0 && read > b.bounds.Rows:
		return tooLarge("%d rows", b.bounds.Rows)
	case b.bounds.Bytes > 0 && taken > b.bounds.Bytes:
		return tooLarge("%d bytes", b.bounds.Bytes)
	}
	return nil
}

func tooLarge(format string, bound int64) error {
	return &domain.Error{Code: domain.CodeTooLarge, Message: "the answer needs more than " + fmt.Sprintf(format, bound) + " of the database: ask for less at once"}
}

// fixedSize is what a value takes that is no text, in bytes.
const fixedSize = 16

// rowSize measures the rows of one statement. As a sql.Scanner it takes each value as the driver has it, without a copy.
type rowSize struct {
	bytes int64
	into  []any
}

func (s *rowSize) of(rows *sql.Rows) (int64, error) {
	if s.into == nil {
		columns, err := rows.Columns()
		if err != nil {
			return 0, fmt.Errorf("measure a row: %w", err)
		}
		for range columns {
			s.into = append(s.into, s)
		}
	}
	s.bytes = 0
	err := rows.Scan(s.into...)
	if err != nil {
		return 0, fmt.Errorf("measure a row: %w", err)
	}
	return s.bytes, nil
}

// Scan implements sql.Scanner.
func (s *rowSize) Scan(value any) error {
	switch v := value.(type) {
	case []byte:
		s.bytes += int64(len(v))
	case string:
		s.bytes += int64(len(v))
	default:
		s.bytes += fixedSize
	}
	return nil
}
