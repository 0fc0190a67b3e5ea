package resolvers_test

import (
	"encoding/base64"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/vigie-dev/vigie/domain"
)

func analyst() domain.Viewer { return domain.Viewer{Subject: "analyst", Role: domain.RoleAnalyst} }

// TestMaskedDataIsNoWayToAskEither: "whose name begins with M" tells as much as the name, letter by letter.
func TestMaskedDataIsNoWayToAskEither(t *testing.T) {
	t.Parallel()
	a := newShop(t)
	const rows = " { nodes { number } totalCount }"
	for name, test := range map[string]struct {
		query, input string
		variables    variables
	}{
		"a filter":              {query: `{ list: customers(first: 1, filter: { name: { startsWith: "M" } })` + rows + ` }`, input: "filter.name"},
		"a filter among others": {query: `{ list: customers(first: 1, filter: { status: { eq: ACTIVE }, name: { contains: "a" } })` + rows + ` }`, input: "filter.name"},
		"below not":             {query: `{ list: customers(first: 1, filter: { not: { name: { startsWith: "M" } } })` + rows + ` }`, input: "filter.not.name"},
		"below and, or": {query: `{ list: customers(first: 1, filter: { and: [{ number: { isNull: false } }, { or: [{ name: { in: ["Müller"] } }] }] })` + rows + ` }`,
			input: "filter.and.or.name"},
		"one for a list": {query: `{ list: customers(first: 1, filter: { or: { name: { isNull: false } } })` + rows + ` }`, input: "filter.or.name"},
		"a variable":     {query: `query ($f: CustomerFilter) { list: customers(first: 1, filter: $f)` + rows + ` }`, input: "filter.or.name", variables: variables{"f": variables{"or": []any{variables{"name": variables{"eq": "x"}}}}}},
		"one for a list, in a variable": {query: `query ($f: CustomerFilter) { list: customers(first: 1, filter: $f)` + rows + ` }`, input: "filter.or.name",
			variables: variables{"f": variables{"or": variables{"name": variables{"eq": "x"}}}}},
		"a variable inside":  {query: `query ($n: StringFilter) { list: customers(first: 1, filter: { name: $n })` + rows + ` }`, input: "filter.name", variables: variables{"n": variables{"eq": "x"}}},
		"a default":          {query: `query ($f: CustomerFilter = { name: { startsWith: "M" } }) { list: customers(first: 1, filter: $f)` + rows + ` }`, input: "filter.name"},
		"a default inside":   {query: `query ($n: StringFilter = { startsWith: "M" }) { list: customers(first: 1, filter: { name: $n })` + rows + ` }`, input: "filter.name"},
		"an order":           {query: `{ list: customers(first: 1, orderBy: [{ field: NUMBER }, { field: NAME }])` + rows + ` }`, input: "orderBy.field NAME"},
		"one order":          {query: `{ list: customers(first: 1, orderBy: { field: NAME, direction: DESC })` + rows + ` }`, input: "orderBy.field NAME"},
		"an order variable":  {query: `query ($o: [CustomerOrder!]) { list: customers(first: 1, orderBy: $o)` + rows + ` }`, input: "orderBy.field NAME", variables: variables{"o": []any{variables{"field": "NAME"}}}},
		"one order variable": {query: `query ($o: [CustomerOrder!]) { list: customers(first: 1, orderBy: $o)` + rows + ` }`, input: "orderBy.field NAME", variables: variables{"o": variables{"field": "NAME"}}},
		"a field variable":   {query: `query ($o: CustomerOrderField!) { list: customers(first: 1, orderBy: { field: $o })` + rows + ` }`, input: "orderBy.field NAME", variables: variables{"o": "NAME"}},
		"a default order":    {query: `query ($o: CustomerOrderField! = NAME) { list: customers(first: 1, orderBy: { field: $o })` + rows + ` }`, input: "orderBy.field NAME"},
		"a fragment":         {query: `{ ...f } fragment f on Query { list: customers(first: 1, filter: { name: { eq: "x" } })` + rows + ` }`, input: "filter.name"},
		"a look-up":          {query: `{ list: lookup(reference: "Müller", first: 1) { score } }`, input: "reference"},
		"a look-up by phone": {query: `query ($r: String!) { list: lookup(reference: $r) { matched } }`, input: "reference", variables: variables{"r": "030 1234567"}},
	} {
		t.Run(name, func(t *testing.T) {
			a.counter.Reset()
			answer := a.in(t).as(analyst()).ask(test.query, test.variables)
			require.Len(t, answer.Errors, 1, answer.body)
			assert.Equal(t, "FORBIDDEN", answer.Errors[0].Extensions.Code)
			assert.Equal(t, "you may not use "+test.input+" here: it stands for personal data, which is masked for you", answer.Errors[0].Message)
			assert.Equal(t, []any{"list"}, answer.Errors[0].Path)
			assert.Zero(t, a.counter.Count(), "nothing was asked of the database")
			a.in(t).as(agent()).must(test.query, test.variables)
		})
	}
	for _, query := range []string{
		`{ customers(first: 5, filter: { number: { startsWith: "C" }, name: null }, orderBy: [{ field: NUMBER, direction: DESC }]) { totalCount } }`,
		`query ($n: StringFilter) { customers(first: 5, filter: { name: $n }) { totalCount } }`,
		`{ products(first: 5, search: "saw", filter: { name: { contains: "a" } }, orderBy: [{ field: NAME }]) { totalCount } }`,
		`{ customer(number: "C-1001") { name } }`,
	} {
		a.as(analyst()).must(query, nil)
	}
}

// TestNoPersonalInputIsOpen gives every input of the schema that stands for personal data, as an analyst.
func TestNoPersonalInputIsOpen(t *testing.T) {
	t.Parallel()
	a := newShop(t)
	found := 0
	refuse := func(field *ast.FieldDefinition, argument string) {
		found++
		answer := a.as(analyst()).ask(fmt.Sprintf("{ list: %s(first: 1, %s) { %s } }", field.Name, argument, "__typename"), nil)
		require.Len(t, answer.Errors, 1, answer.body)
		assert.Equal(t, "FORBIDDEN", answer.Errors[0].Extensions.Code, "%s(%s)", field.Name, argument)
	}
	for _, field := range a.definition("Query").Fields {
		for _, argument := range field.Arguments {
			if argument.Directives.ForName("personal") != nil {
				refuse(field, argument.Name+`: "something"`)
			}
			input := a.definition(argument.Type.Name())
			for _, inner := range input.Fields {
				if inner.Directives.ForName("personal") != nil {
					refuse(field, fmt.Sprintf("%s: { %s: {} }", argument.Name, inner.Name))
				}
				if inner.Name != "field" {
					continue
				}
				for _, value := range a.definition(inner.Type.Name()).EnumValues {
					if value.Directives.ForName("personal") != nil {
						refuse(field, fmt.Sprintf("%s: { field: %s }", argument.Name, value.Name))
					}
				}
			}
		}
	}
	assert.GreaterOrEqual(t, found, 3, "the name as a filter and as an order, and the look-up")
}

// TestCursorsHoldNoName: whoever may sort by name gets cursors that go to logs and links, and others may read those.
func TestCursorsHoldNoName(t *testing.T) {
	t.Parallel()
	a := newShop(t)
	answer := a.must(`{ customers(first: 5, orderBy: [{ field: NAME }]) { edges { cursor node { name } } } }`, nil)
	for i, cursor := range answer.each("customers.edges", "cursor") {
		raw, err := base64.RawURLEncoding.DecodeString(cursor)
		require.NoError(t, err)
		assert.NotContains(t, string(raw), answer.text(fmt.Sprintf("customers.edges.%d.node.name", i)))
		assert.NotContains(t, string(raw), "NAME")
	}
}

// TestAddressesTellAnalystsNoStreet: the town and the district of the post are for statistics, the street and the code for those who deliver.
func TestAddressesTellAnalystsNoStreet(t *testing.T) {
	t.Parallel()
	a := newShop(t)
	a.exec(`UPDATE sites SET street = 'Hauptstr. 1', postal_code = '04109', city = 'Leipzig', region = 'SN', country_code = 'DE', latitude = 51, longitude = 12`)
	const query = `{ customer(number: "C-1001") { sites(first: 1) { nodes { name address { street street2 postalCode postalArea city region countryCode coordinates { latitude } } } } } }`
	const address = "customer.sites.nodes.0.address"
	assert.Equal(t, map[string]any{
		"street": nil, "street2": nil, "postalCode": nil, "postalArea": "04", "city": "Leipzig", "region": "SN", "countryCode": "DE", "coordinates": nil,
	}, a.as(analyst()).must(query, nil).at(address))
	assert.Equal(t, "04109", a.as(agent()).must(query, nil).text(address+".postalCode"))
	a.exec(`UPDATE sites SET postal_code = '101'`)
	assert.Nil(t, a.as(analyst()).must(query, nil).at(address+".postalArea"), "two of three characters are nearly all")
}

// TestARefusedMutationLeavesTheRest of the answer standing.
func TestARefusedMutationLeavesTheRest(t *testing.T) {
	t.Parallel()
	a := newShop(t)
	answer := a.as(agent()).ask(`mutation ($id: ID!) { __typename customerErase(input: { id: $id }) { customer { number } } }`, variables{"id": opaque(domain.KindCustomer, 2)})
	require.Len(t, answer.Errors, 1)
	assert.Equal(t, "FORBIDDEN", answer.Errors[0].Extensions.Code)
	assert.Equal(t, []any{"customerErase"}, answer.Errors[0].Path)
	assert.Equal(t, map[string]any{"__typename": "Mutation", "customerErase": nil}, answer.Data)
}
