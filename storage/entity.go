package storage

import (
	"context"
	"database/sql"
	"strconv"
	"strings"
	"time"

	"github.com/lib/pq"

	"github.com/vigie-dev/vigie/domain"
)

// entity says how one kind of row is read, filtered and sorted. In all SQL its table is c (the child of a relation's p, the parent).
// An entity is declared once, beside the methods that use it, and never changes.
type entity[T any] struct {
	kind  domain.Kind
	table string
	// exprs gives columns of T that are not plain columns of the table.
	exprs map[string]string
	// hidden is a condition that every row that is shown meets; internal is one on rows that customers' own users do not get to see.
	hidden, internal string
	fields           map[string]field
	sorts            map[string]sortKey[T]
	// order is the list's own order.
	order []domain.Sort
	id    func(*T) domain.ID
	scanner[T]
}

// field is something to filter by: an expression over c and how it is compared.
type field struct {
	expr string
	kind fieldKind
	// of is the kind of id that an id field holds.
	of domain.Kind
	// search is a column with a trigram index that holds the field's text too: it narrows contains down.
	search string
}

// sortKey is something to sort by: an expression over c that is never null, its type, the function that a value goes through before it is
// compared (none for most), and the value of an item as Postgres reads it.
type sortKey[T any] struct {
	expr, cast, fold string
	value            func(*T) string
}

// byNumber sorts by a number that names something, regardless of case.
func byNumber[T any](column string, value func(*T) string) sortKey[T] {
	return sortKey[T]{expr: "upper(" + column + `) COLLATE "C"`, cast: "::text", fold: "upper", value: value}
}

// byName sorts by a name, regardless of case and accents.
func byName[T any](column string, value func(*T) string) sortKey[T] {
	return sortKey[T]{expr: "fold(" + column + `) COLLATE "C"`, cast: "::text", fold: "fold", value: value}
}

// byInstant sorts by a timestamptz.
func byInstant[T any](column string, value func(*T) time.Time) sortKey[T] {
	return sortKey[T]{expr: column, cast: "::timestamptz", value: func(item *T) string { return value(item).Format(time.RFC3339Nano) }}
}

// byDate sorts by a date.
func byDate[T any](column string, value func(*T) domain.Date) sortKey[T] {
	return sortKey[T]{expr: column, cast: "::date", value: func(item *T) string { return value(item).String() }}
}

// byDecimal sorts by a numeric.
func byDecimal[T any](column string, value func(*T) domain.Decimal) sortKey[T] {
	return sortKey[T]{expr: column, cast: "::numeric", value: func(item *T) string { return value(item).String() }}
}

// byInteger sorts by an integer.
func byInteger[T any](column string, value func(*T) int) sortKey[T] {
	return sortKey[T]{expr: column, cast: "::bigint", value: func(item *T) string { return strconv.Itoa(value(item)) }}
}

// byBoolean sorts false before true.
func byBoolean[T any](expr string, value func(*T) bool) sortKey[T] {
	return sortKey[T]{expr: expr, cast: "::boolean", value: func(item *T) string { return strconv.FormatBool(value(item)) }}
}

// descending is a list's own order by one thing, the last first.
func descending(field string) []domain.Sort {
	return []domain.Sort{{Field: field, Direction: domain.Descending}}
}

// ascending is a list's own order by some things, the first first.
func ascending(fields ...string) []domain.Sort {
	sorts := make([]domain.Sort, len(fields))
	for i, name := range fields {
		sorts[i] = domain.Sort{Field: name, Direction: domain.Ascending}
	}
	return sorts
}

// newEntity completes a declaration.
func newEntity[T any](e entity[T]) *entity[T] {
	e.scanner = newScanner[T]()
	return &e
}

// row is the column that tells rows apart, and by which ties are broken.
func (e *entity[T]) row() string {
	if e.kind == domain.KindCustomer {
		return "customer_id"
	}
	return "id"
}

// selection is the list of columns of T, each under its own name.
func (e *entity[T]) selection() string {
	parts := make([]string, len(e.columns))
	for i, column := range e.columns {
		if expr, ok := e.exprs[column]; ok {
			parts[i] = expr + " AS " + column
		} else {
			parts[i] = "c." + column
		}
	}
	return strings.Join(parts, ", ")
}

// byIDs reads the rows with the given ids; those that are not there are not in the map.
func (e *entity[T]) byIDs(ctx context.Context, s *Store, ids []domain.ID) (map[domain.ID]*T, error) {
	found := make(map[domain.ID]*T, len(ids))
	var b builder
	b.add("-- name: ", e.kind.String(), "ByID\nSELECT ", e.selection(), " FROM ", e.table, " c")
	if e.kind.Owned() && e.kind != domain.KindCustomer {
		b.add(" JOIN unnest(", b.arg(pq.Array(customersOf(ids))), "::bigint[], ", b.arg(pq.Array(rowsOf(ids))), "::bigint[]) AS k (customer_id, id)",
			" ON c.customer_id = k.customer_id AND c.id = k.id WHERE ", e.guard(&b, s))
	} else {
		b.add(" WHERE c.", e.row(), " = ANY(", b.arg(pq.Array(rowsOf(ids))), ") AND ", e.guard(&b, s))
	}
	err := s.each(ctx, func(rows *sql.Rows) error {
		item, err := e.scan(rows)
		if err != nil {
			return err
		}
		found[e.id(item)] = item
		return nil
	}, b.text.String(), b.args...)
	return found, err
}

func rowsOf(ids []domain.ID) []int64 {
	rows := make([]int64, len(ids))
	for i, id := range ids {
		rows[i] = id.Row
	}
	return rows
}

func customersOf(ids []domain.ID) []int64 {
	customers := make([]int64, len(ids))
	for i, id := range ids {
		customers[i] = id.Customer
	}
	return customers
}
