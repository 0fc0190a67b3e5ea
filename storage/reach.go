package storage

import (
	"fmt"
	"strings"

	"github.com/vigie-dev/vigie/domain"
)

// fewCustomers is up to how many customers a viewer sees few of them. The rows of few customers are read customer by customer, whatever the
// order; with more, the list is walked in its order, past the rows of others. At 500,000 orders both cost the same at about 700 customers.
const fewCustomers = 1000

// reach is what of a list a viewer sees. It is worked out once for a list, since it holds values of the statement.
type reach struct {
	// guard is what can be told from the row alone.
	guard string
	// condition is on the row's customer v, where guard is not all; column is the column of customers that it is about, which has an index.
	condition, column string
	// wide is condition as it is put where the viewer sees many customers.
	wide string
}

// reach is the viewer's reach over the list of all rows.
func (e *entity[T]) reach(b *builder, s *Store) reach {
	if !e.kind.Owned() || s.viewer.Role == domain.RoleCustomer {
		return reach{guard: e.guard(b, s)}
	}
	condition := s.customerScope(b, "v")
	if condition == everything || condition == nothing {
		return reach{guard: and(e.own(s), condition)}
	}
	r := reach{guard: e.own(s), condition: condition, wide: exists("c", condition)}
	r.column, _, _ = strings.Cut(condition, " = ")
	if e.kind == domain.KindCustomer {
		r.wide = strings.ReplaceAll(condition, "v.", "c.")
	}
	return r
}

// direct tells whether every row can tell by itself whether it is in reach.
func (r reach) direct() bool { return r.condition == "" }

// with writes the customers in reach, or the first of too many, as an array that a statement works out once.
func (r reach) with() string {
	return fmt.Sprintf(`WITH reach AS MATERIALIZED (SELECT coalesce(array_agg(customer_id), '{}') AS customers FROM (
	SELECT v.customer_id FROM customers v WHERE %s ORDER BY %s, v.customer_id LIMIT %d) v)
`, r.condition, r.column, fewCustomers+1)
}

// isFew holds where the viewer sees few customers. It needs no row, so that Postgres decides it before it reads any.
func (reach) isFew() string {
	return fmt.Sprintf("cardinality((SELECT customers FROM reach)) <= %d", fewCustomers)
}

// few is condition as it is put where the viewer sees few customers.
func (reach) few() string { return "c.customer_id = ANY ((SELECT customers FROM reach)::bigint[])" }

// guarded is where a statement's text has the condition on the viewer's scope, until it is known.
const guarded = "{guard}"

// listWindow writes a page of the list in reach. Where the customer decides, only the keys of the rows are looked for at first: the indexes of
// lists hold customer_id beside the order, and so rows out of reach are passed over without being read.
func (e *entity[T]) listWindow(b *builder, r reach, o ordering[T], set columnSet, scope, filter string, request domain.PageRequest) (string, error) {
	scope = and(scope, r.guard)
	if r.direct() {
		return e.window(b, o, set, scope, filter, request)
	}
	keys, err := e.window(b, o, e.keys, and(scope, guarded), filter, request)
	if err != nil {
		return "", err
	}
	few, wide := strings.Replace(keys, guarded, r.few(), 1), strings.Replace(keys, guarded, r.wide, 1)
	// Which of the two is read is asked outside of them: inside, it would keep Postgres from remembering the customers that it has looked at.
	return r.with() + "SELECT " + e.selection(set) + " FROM (\nSELECT few.* FROM (" + few + ") few WHERE " + r.isFew() +
		"\nUNION ALL\nSELECT wide.* FROM (" + wide + ") wide WHERE NOT " + r.isFew() + ") k JOIN " + e.table + " c ON " + e.sameRow() +
		" ORDER BY " + o.orderBy(request.Backward), nil
}

// sameRow is the condition that the keys k are those of the row c.
func (e *entity[T]) sameRow() string {
	var parts []string
	e.keys.each(func(index int) { parts = append(parts, "c."+e.columns[index]+" = k."+e.columns[index]) })
	return strings.Join(parts, " AND ")
}

// listCount writes the number of rows of the list in reach, as total.
func (e *entity[T]) listCount(r reach, scope, filter string) string {
	scope = and(scope, r.guard)
	if r.direct() {
		return e.selectTotal(scope, filter)
	}
	return r.with() + "SELECT CASE WHEN " + r.isFew() + "\nTHEN (" + e.selectTotal(and(scope, r.few()), filter) + ")\nELSE (" +
		e.selectTotal(and(scope, r.wide), filter) + ") END AS total"
}
