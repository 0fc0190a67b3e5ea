package resolvers_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/vigie-dev/vigie/domain"
)

func (a *api) customers(filter any) []string {
	a.t.Helper()
	numbers := a.must(`query ($f: CustomerFilter) { customers(first: 10, filter: $f) { nodes { number } } }`, variables{"f": filter}).each("customers.nodes", "number")
	slices.Sort(numbers)
	return numbers
}

func (a *api) orders(filter any) []string {
	a.t.Helper()
	numbers := a.must(`query ($f: OrderFilter) { orders(first: 10, filter: $f) { nodes { number } } }`, variables{"f": filter}).each("orders.nodes", "number")
	slices.Sort(numbers)
	return numbers
}

// What each comparison means is tested in storage; here, that it arrives there as it was written.
func testFiltersArriveAsWritten(t *testing.T, a *api) {
	type v = variables
	all := []string{"C-1001", "C-1002", "X-2000"}
	for _, test := range []struct {
		name   string
		filter any
		want   []string
	}{
		{"none", nil, all},
		{"empty", v{}, all},
		{"enum", v{"status": v{"eq": "ACTIVE"}}, []string{"C-1001"}},
		{"enum list", v{"status": v{"in": []string{"ACTIVE", "PROSPECT"}}}, []string{"C-1001", "X-2000"}},
		{"enum for a list", v{"status": v{"in": "ACTIVE"}}, []string{"C-1001"}},
		{"empty in", v{"status": v{"in": []string{}}}, []string{}},
		{"empty nin", v{"status": v{"nin": []string{}}}, all},
		{"nin with null inside the rows", v{"segment": v{"nin": []string{"KEY_ACCOUNT"}}}, []string{"C-1002", "X-2000"}},
		{"neq with null inside the rows", v{"segment": v{"neq": "KEY_ACCOUNT"}}, []string{"C-1002", "X-2000"}},
		{"is null", v{"segment": v{"isNull": true}}, []string{"C-1002"}},
		{"is not null", v{"segment": v{"isNull": false}}, []string{"C-1001", "X-2000"}},
		{"two comparisons", v{"number": v{"startsWith": "c-", "neq": "c-1001"}}, []string{"C-1002"}},
		{"two fields", v{"status": v{"neq": "ACTIVE"}, "countryCode": v{"eq": "JP"}}, []string{"C-1002"}},
		{"contains, accents", v{"name": v{"contains": "MULLER"}}, []string{"C-1001"}},
		{"wildcards are letters", v{"name": v{"contains": "0%_t"}}, []string{"X-2000"}},
		{"wildcards alone", v{"name": v{"contains": "%a%"}}, []string{}},
		{"starts with", v{"name": v{"startsWith": "yam"}}, []string{"C-1002"}},
		{"id", v{"id": v{"eq": opaque(domain.KindCustomer, 2)}}, []string{"C-1002"}},
		{"ids", v{"id": v{"in": []string{opaque(domain.KindCustomer, 2), opaque(domain.KindCustomer, 3)}}}, []string{"C-1002", "X-2000"}},
		{"ids of another kind", v{"accountManager": v{"eq": opaque(domain.KindUser, 1)}}, []string{"C-1001"}},
		{"parent", v{"parent": v{"isNull": false}}, []string{"C-1002"}},
		{"tag", v{"tags": v{"has": "vip"}}, []string{"C-1001"}},
		{"any tag", v{"tags": v{"hasAny": []string{"vip", "export"}}}, []string{"C-1001", "C-1002"}},
		{"all tags", v{"tags": v{"hasAll": []string{"vip", "export"}}}, []string{"C-1001"}},
		{"instant with an offset", v{"createdAt": v{"gte": "2024-02-01T01:00:00+01:00"}}, []string{"C-1002", "X-2000"}},
		{"and", v{"and": []v{{"tags": v{"has": "export"}}, {"countryCode": v{"eq": "JP"}}}}, []string{"C-1002"}},
		{"or", v{"or": []v{{"countryCode": v{"eq": "KW"}}, {"countryCode": v{"eq": "JP"}}}}, []string{"C-1002", "X-2000"}},
		{"or beside a field", v{"status": v{"eq": "PROSPECT"}, "or": []v{{"countryCode": v{"eq": "KW"}}, {"countryCode": v{"eq": "JP"}}}}, []string{"X-2000"}},
		{"not", v{"not": v{"countryCode": v{"in": []string{"KW", "JP"}}}}, []string{"C-1001"}},
		{"not of two", v{"not": v{"tags": v{"has": "export"}, "countryCode": v{"eq": "JP"}}}, []string{"C-1001", "X-2000"}},
		{"nested", v{"not": v{"or": []v{{"not": v{"tags": v{"has": "export"}}}, {"segment": v{"isNull": true}}}}}, []string{"C-1001"}},
		{"or of nothing", v{"or": []v{}}, []string{}},
		{"and of nothing", v{"and": []v{}}, all},
		{"null field", v{"status": nil}, all},
		{"null and", v{"and": nil}, all},
		{"null or", v{"or": nil}, all},
		{"null not", v{"not": nil}, all},
	} {
		t.Run(test.name, func(t *testing.T) { assert.Equal(t, test.want, a.in(t).customers(test.filter)) })
	}
}

func testFiltersOfNumbersAndDays(t *testing.T, a *api) {
	type v = variables
	for _, test := range []struct {
		name   string
		filter any
		want   []string
	}{
		{"decimal as a string", v{"total": v{"gt": "119.49"}}, []string{"O-5001", "O-6001"}},
		{"decimal as a number", v{"total": v{"gte": 1500}}, []string{"O-6001"}},
		{"decimal with zeros", v{"total": v{"eq": "119.500"}}, []string{"O-5001"}},
		{"day", v{"promisedOn": v{"lt": "2026-02-01"}}, []string{"O-6001"}},
		{"no day", v{"promisedOn": v{"isNull": true}}, []string{"O-5003", "O-7001"}},
		{"late", v{"deliveredLate": v{"eq": true}}, []string{"O-5002"}},
		{"identifier", v{"poNumber": v{"eq": "po/77"}}, []string{"O-5001"}},
		{"customers", v{"customer": v{"nin": []string{opaque(domain.KindCustomer, 1)}}}, []string{"O-6001", "O-7001"}},
	} {
		t.Run(test.name, func(t *testing.T) { assert.Equal(t, test.want, a.in(t).orders(test.filter)) })
	}
	t.Run("not late", func(t *testing.T) {
		// What has not arrived is not known to be in time: as the field is null there, neither true nor false finds it.
		assert.Equal(t, []string{"O-6001"}, a.in(t).orders(v{"deliveredLate": v{"eq": false}}))
	})
	t.Run("inline", func(t *testing.T) {
		answer := a.in(t).must(`query ($total: Decimal!) { orders(first: 5, filter: { total: { gt: $total }, or: [{ status: { in: [CONFIRMED] } }] },
			orderBy: [{ field: TOTAL, direction: DESC }, { field: NUMBER }]) { totalCount nodes { number } } }`, v{"total": "1"})
		assert.Equal(t, "1", answer.text("orders.totalCount"))
	})
	t.Run("of children", func(t *testing.T) {
		answer := a.in(t).must(`{ customers(first: 3, orderBy: [{ field: NUMBER }]) { nodes { orders(first: 5, filter: { total: { gt: "100" } }) { totalCount nodes { number } } } } }`, nil)
		assert.Equal(t, []string{"1", "1", "0"}, answer.each("customers.nodes", "orders.totalCount"))
	})
}

func testFiltersThatCannotBeAreRefused(t *testing.T, a *api) {
	type v = variables
	const query = `query ($f: CustomerFilter) { customers(first: 10, filter: $f) { nodes { number } } }`
	for _, test := range []struct {
		filter any
		says   string
	}{
		{v{"status": v{"eq": nil}}, "status.eq is null in the filter"},
		{v{"status": v{"in": nil}}, "status.in is null in the filter"},
		{v{"name": v{"contains": nil}}, "name.contains is null in the filter"},
		{v{"segment": v{"isNull": nil}}, "segment.isNull is null in the filter"},
		{v{"id": v{"eq": opaque(domain.KindOrder, 1, 1)}}, "takes the id of a Customer, not of a Order"},
		{v{"accountManager": v{"in": []string{opaque(domain.KindCustomer, 1)}}}, "takes the id of a User"},
		{v{"id": v{"eq": "nonsense"}}, "not an id of ours"},
		{v{"createdAt": v{"gt": "2024-01-01"}}, "is not an instant"},
		{v{"createdAt": v{"gt": "2024-01-01T00:00:00"}}, "with an offset"},
		{deep(20), "nested more than 8 deep"},
	} {
		assert.Contains(t, a.refused(query, v{"f": test.filter}), test.says, "%v", test.filter)
	}
	for _, filter := range []any{
		v{"status": v{"eq": "SLEEPING"}}, v{"status": v{"in": []any{nil}}}, v{"status": "ACTIVE"}, v{"password": v{"eq": "x"}}, v{"name": v{"like": "x"}},
		v{"and": []any{nil}}, v{"not": []any{v{}, v{}}}, []any{}, "x", 1,
	} {
		a.invalid(query, v{"f": filter})
	}
	// A NUL cannot be stored, so it is found nowhere; it must not become a fault of ours.
	answer := a.ask(query, v{"f": v{"name": v{"eq": "a\x00b"}}})
	for _, failure := range answer.Errors {
		assert.Equal(t, string(domain.CodeBadInput), failure.Extensions.Code)
	}
	assert.Empty(t, leaks(answer.body))
	// Long lists and long words are input as any other.
	assert.Empty(t, a.customers(v{"number": v{"in": slices.Repeat([]string{strings.Repeat("x", 50)}, 2_000)}}))
}

// deep is a filter that is nested so deep.
func deep(levels int) variables {
	filter := variables{"status": variables{"eq": "ACTIVE"}}
	for range levels {
		filter = variables{"not": filter}
	}
	return filter
}
