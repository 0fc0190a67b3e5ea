package storage

import (
	"context"
	"database/sql"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

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
	// sealed tells whether administrators alone may read the rows, by id too.
	sealed bool
	// keys are the columns that tell rows apart, owner is the one with the customer that a row belongs to, if it does.
	keys, owner columnSet
	// natural is the ordering of order; nil where that changed since.
	natural *ordering[T]
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
	// reads are the columns that value reads; none stands for all.
	reads columnSet
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
	for _, name := range []string{"customer_id", "id"} {
		index, known := e.byColumn[name]
		if known && (name == "id" || e.kind.Owned()) {
			e.keys |= 1 << index
		}
	}
	owner, known := e.byColumn["customer_id"]
	if known && e.kind.Owned() {
		e.owner = 1 << owner
	}
	(e.keys | e.owner).each(func(index int) {
		if field := reflect.TypeFor[T]().FieldByIndex(e.scanner.fields[index].index); field.Type.Kind() != reflect.Int64 {
			panic("storage: the key " + e.columns[index] + " of " + e.table + " is no number") // A fault in the declaration.
		}
	})
	for name, key := range e.sorts {
		key.reads = e.mentioned(key.expr)
		e.sorts[name] = key
	}
	natural, err := e.ordering(nil)
	if err != nil {
		panic(err) // A fault in the declaration.
	}
	e.natural = &natural
	return &e
}

// mentioned is the columns that an expression names, each of which has to be one of the entity's; otherwise it is none.
func (e *entity[T]) mentioned(expr string) columnSet {
	var set columnSet
	for _, name := range columnsOf(expr, "c.") {
		index, known := e.byColumn[name]
		if !known {
			return 0
		}
		set |= 1 << index
	}
	return set
}

// columnsOf is the names that stand behind an alias in an expression.
func columnsOf(expr, alias string) []string {
	var names []string
	for {
		before, after, found := strings.Cut(expr, alias)
		if !found {
			return names
		}
		end := strings.IndexFunc(after, func(r rune) bool { return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		if end < 0 {
			end = len(after)
		}
		if before == "" || !unicode.IsLetter(rune(before[len(before)-1])) {
			names = append(names, after[:end])
		}
		expr = after[end:]
	}
}

// row is the column that tells rows apart, and by which ties are broken.
func (e *entity[T]) row() string {
	if e.kind == domain.KindCustomer {
		return "customer_id"
	}
	return "id"
}

// selection is the list of columns of T that are in set, each under its own name.
func (e *entity[T]) selection(set columnSet) string {
	var text strings.Builder
	text.Grow(20 * set.len())
	for rest := set; rest != 0; rest &= rest - 1 {
		column := e.columns[rest.first()]
		if text.Len() > 0 {
			text.WriteString(", ")
		}
		if expr, ok := e.exprs[column]; ok {
			text.WriteString(expr + " AS ")
		} else {
			text.WriteString("c.")
		}
		text.WriteString(column)
	}
	return text.String()
}

// byIDs reads the rows with the given ids; those that are not there are not in the map.
func (e *entity[T]) byIDs(ctx context.Context, s *Store, ids []domain.ID) (map[domain.ID]*T, error) {
	err := e.unsealed(s)
	if err != nil {
		return nil, err
	}
	ids = withoutProbes(ids)
	found := make(map[domain.ID]*T, len(ids))
	set, b := e.needed(s), builder{plain: true}
	b.add("-- name: ", e.kind.String(), "ByID\n", e.selectByIDs(&b, s, set, ids))
	err = s.each(ctx, func(rows *sql.Rows) error {
		item, err := e.scan(rows, set)
		if err != nil {
			return err
		}
		found[e.id(item)] = item
		return nil
	}, b.text.String(), b.args...)
	return found, err
}

// selectByIDs writes the SELECT of the rows with the given ids, as far as the viewer may see them.
func (e *entity[T]) selectByIDs(b *builder, s *Store, set columnSet, ids []domain.ID) string {
	join, found := b.keyed(e.kind, "c", ids)
	return "SELECT " + e.selection(set) + " FROM " + e.table + " c" + join + " WHERE " + and(found, e.guard(b, s))
}

// valuesByIDs puts the values into b that selectByIDs puts there, and tells of what its text depends on besides the viewer's scope.
func (e *entity[T]) valuesByIDs(b *builder, s *Store, ids []domain.ID) string {
	single := b.plain && len(ids) == 1
	shared := !e.kind.Owned() || e.kind == domain.KindCustomer
	switch {
	case single && shared:
		b.arg(ids[0].Row)
	case single:
		b.arg(ids[0].Customer)
		b.arg(ids[0].Row)
	case shared:
		b.arg(pq.Array(rowsOf(ids)))
	default:
		b.arg(pq.Array(customersOf(ids)))
		b.arg(pq.Array(rowsOf(ids)))
	}
	e.guardValues(b, s)
	if single {
		return "one"
	}
	return "several"
}

// selectTotal writes the SELECT of how many rows there are, total.
func (e *entity[T]) selectTotal(scope, filter string) string {
	return "SELECT count(*) AS total FROM " + e.table + " c WHERE " + and(scope, filter)
}

// keyed writes the condition that the key of alias is among ids, and what has to be joined to alias for that.
func (b *builder) keyed(kind domain.Kind, alias string, ids []domain.ID) (join, found string) {
	if !kind.Owned() || kind == domain.KindCustomer {
		key := keysOf(kind, alias)[0]
		if b.plain && len(ids) == 1 {
			return "", key + " = " + b.arg(ids[0].Row) + "::bigint"
		}
		return "", key + " = ANY(" + b.array(rowsOf(ids)) + ")"
	}
	if b.plain && len(ids) == 1 {
		return "", alias + ".customer_id = " + b.arg(ids[0].Customer) + "::bigint AND " + alias + ".id = " + b.arg(ids[0].Row) + "::bigint"
	}
	join = " JOIN unnest(" + b.array(customersOf(ids)) + ", " + b.array(rowsOf(ids)) + ") AS k (customer_id, id) ON " +
		alias + ".customer_id = k.customer_id AND " + alias + ".id = k.id"
	return join, everything
}

// unsealed refuses viewers who may not read the entity at all.
func (e *entity[T]) unsealed(s *Store) error {
	if e.sealed && s.viewer.Role != domain.RoleAdmin {
		return &domain.Error{Code: domain.CodeForbidden, Message: "you may not read the audit trail"}
	}
	return nil
}

// withoutProbes leaves out the ids of which there can be no row.
func withoutProbes(ids []domain.ID) []domain.ID {
	if !slices.ContainsFunc(ids, isProbe) {
		return ids
	}
	return slices.DeleteFunc(slices.Clone(ids), isProbe)
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
