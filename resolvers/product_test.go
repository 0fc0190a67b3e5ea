package resolvers_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
)

func (a *api) skus(query string, v variables) []string {
	a.t.Helper()
	return a.must(query, v).each("products.nodes", "sku")
}

func testProductsAreSearched(t *testing.T, a *api) {
	const query = `query ($s: String) { products(first: 10, search: $s) { nodes { sku } totalCount } }`
	for _, test := range []struct {
		search string
		want   []string
	}{
		{"circular saw", []string{"SW-001"}},
		{"circulr saw", []string{"SW-001"}},
		{"sw-001", []string{"SW-001"}},
		{"creme brulee", []string{"ZZ-001"}},
		{"CRÈME", []string{"ZZ-001"}},
		{"drill hammer", []string{"DR-200"}},
		{"%", []string{}},
		{"'; --", []string{}},
		{"xyzzy", []string{}},
	} {
		t.Run(test.search, func(t *testing.T) {
			answer := a.in(t).must(query, variables{"s": test.search})
			found := answer.each("products.nodes", "sku")
			if len(test.want) > 0 {
				require.NotEmpty(t, found)
				found = found[:1]
			}
			assert.Equal(t, test.want, found, answer.body)
		})
	}
	drills := a.skus(query, variables{"s": "drill"})
	slices.Sort(drills)
	assert.Equal(t, []string{"DR-100", "DR-200"}, drills)
	for _, nothing := range []any{nil, "", "  "} {
		assert.Equal(t, []string{"AP-001", "DR-100", "DR-200", "SW-001", "ZZ-001"}, a.skus(query, variables{"s": nothing}), "%q is no search", nothing)
	}
}

func TestSearchIsWalkedByItsOwnCursors(t *testing.T) {
	t.Parallel()
	a := newDemo(t, 2)
	const query = `query ($s: String, $first: Int!, $after: String) { products(first: $first, search: $s, after: $after) { nodes { sku } pageInfo { endCursor hasNextPage } totalCount } }`
	word := a.value(`SELECT split_part(name, ' ', 1) FROM products GROUP BY 1 ORDER BY count(*) DESC LIMIT 1`)
	whole := a.must(query, variables{"s": word, "first": 100})
	require.Greater(t, len(whole.list("products.nodes")), 5)
	var walked []string
	var after any
	for range 100 {
		answer := a.must(query, variables{"s": word, "first": 2, "after": after})
		walked = append(walked, answer.each("products.nodes", "sku")...)
		after = answer.at("products.pageInfo.endCursor")
		if answer.at("products.pageInfo.hasNextPage") == false {
			break
		}
	}
	assert.Equal(t, whole.each("products.nodes", "sku"), walked)
	assert.Contains(t, a.refused(query, variables{"first": 2, "after": whole.at("products.pageInfo.endCursor")}), "another order")
}

func testFacetsDivideWhatWasFound(t *testing.T, a *api) {
	const query = `query ($s: String, $f: ProductFilter) { products(first: 1, search: $s, filter: $f) { totalCount facets {
		categories { count category { code } } specs { name values { value count } } } } }`
	all := a.must(query, nil)
	assert.Equal(t, []string{"DRILLS", "SAWS", "HAMMER", "FOOD"}, all.each("products.facets.categories", "category.code"))
	assert.Equal(t, []string{"colour", "voltage"}, all.each("products.facets.specs", "name"), "the property of most products first")
	assert.Equal(t, []string{"red", "blue"}, all.each("products.facets.specs.0.values", "value"))
	assert.Equal(t, []string{"3", "1"}, all.each("products.facets.specs.0.values", "count"))

	filtered := a.must(query, variables{"f": variables{"specs": []variables{{"name": "voltage", "in": []string{"24 V"}}}}})
	assert.Equal(t, "2", filtered.text("products.totalCount"))
	assert.Equal(t, []string{"SAWS", "HAMMER"}, filtered.each("products.facets.categories", "category.code"))
	assert.Equal(t, []string{"blue", "red"}, filtered.each("products.facets.specs.0.values", "value"))

	searched := a.must(query, variables{"s": "drill", "f": variables{"status": variables{"eq": "ACTIVE"}}})
	assert.Equal(t, "1", searched.text("products.totalCount"))
	assert.Equal(t, []string{"HAMMER"}, searched.each("products.facets.categories", "category.code"))
	assert.Empty(t, a.must(query, variables{"s": "xyzzy"}).list("products.facets.specs"))

	// Of several categories at once, each has its own, and the filter counts.
	of := a.must(`{ categories(first: 5) { nodes { code all: products(first: 1) { totalCount facets { categories { count category { code } } specs { name values { value count } } } }
		red: products(first: 1, filter: { specs: [{ name: "colour", in: ["blue"] }] }) { facets { categories { count } specs { name } } } } } }`, nil)
	for i, code := range of.each("categories.nodes", "code") {
		path := "categories.nodes." + string(rune('0'+i))
		if code == "TOOLS" {
			assert.Empty(t, of.list(path+".all.facets.categories"), "no product stands in it itself")
			continue
		}
		assert.Equal(t, code, of.text(path+".all.facets.categories.0.category.code"))
		assert.Equal(t, of.text(path+".all.totalCount"), of.text(path+".all.facets.categories.0.count"))
		assert.Equal(t, code == "SAWS", len(of.list(path+".red.facets.specs")) > 0, code)
	}
}

func testProductFilters(t *testing.T, a *api) {
	type v = variables
	const query = `query ($f: ProductFilter) { products(first: 10, filter: $f) { nodes { sku } } }`
	for _, test := range []struct {
		name   string
		filter v
		want   []string
	}{
		{"category", v{"category": v{"eq": opaque(domain.KindCategory, 2)}}, []string{"DR-100"}},
		{"under a category", v{"underCategory": opaque(domain.KindCategory, 1)}, []string{"DR-100", "DR-200", "SW-001"}},
		{"under a leaf", v{"underCategory": opaque(domain.KindCategory, 3)}, []string{"SW-001"}},
		{"under nothing", v{"underCategory": opaque(domain.KindCategory, 99)}, []string{}},
		{"under null", v{"underCategory": nil}, []string{"AP-001", "DR-100", "DR-200", "SW-001", "ZZ-001"}},
		{"a property", v{"specs": []v{{"name": "colour", "in": []string{"red", "green"}}}}, []string{"DR-100", "DR-200", "ZZ-001"}},
		{"two properties", v{"specs": []v{{"name": "colour", "in": []string{"red"}}, {"name": "voltage", "in": []string{"24 V"}}}}, []string{"DR-200"}},
		{"a property of no value", v{"specs": []v{{"name": "colour", "in": []string{}}}}, []string{}},
		{"no property", v{"specs": []v{}}, []string{"AP-001", "DR-100", "DR-200", "SW-001", "ZZ-001"}},
		{"a strange property", v{"specs": []v{{"name": `"}'::jsonb --`, "in": []string{"x"}}}}, []string{}},
	} {
		t.Run(test.name, func(t *testing.T) { assert.Equal(t, test.want, a.in(t).skus(query, v{"f": test.filter})) })
	}
	assert.Contains(t, a.refused(query, v{"f": v{"underCategory": opaque(domain.KindProduct, 1)}}), "takes the id of a Category")
}

func TestCategoryTree(t *testing.T) {
	t.Parallel()
	a := newShop(t)
	answer := a.must(`query ($id: ID!) { node(id: $id) { ... on Category { path { code } parent { code children(first: 5) { nodes { code } totalCount } } } } }`,
		variables{"id": opaque(domain.KindCategory, 4)})
	assert.Equal(t, []string{"TOOLS", "DRILLS", "HAMMER"}, answer.each("node.path", "code"))
	assert.Equal(t, []string{"HAMMER"}, answer.each("node.parent.children.nodes", "code"))
	roots := a.must(`{ categories(first: 10) { nodes { code children(first: 5) { nodes { code } } } } }`, nil)
	assert.NotEmpty(t, roots.list("categories.nodes"))

	// A loop, which no foreign key forbids, must not hang the answer.
	a.exec(`UPDATE categories SET parent_id = 4 WHERE id = 1`)
	assert.Len(t, a.must(`query ($id: ID!) { node(id: $id) { ... on Category { path { code } } } }`, variables{"id": opaque(domain.KindCategory, 4)}).list("node.path"), 32)
}

func testPrices(t *testing.T, a *api) {
	const query = `query ($c: ID, $on: Date, $in: String) { product(sku: "dr-100") { prices(customer: $c, validOn: $on, currencyCode: $in) { kind segment minQuantity unitPrice { amount currencyCode } validFrom validTo } } }`
	first, second, third := opaque(domain.KindCustomer, 1), opaque(domain.KindCustomer, 2), opaque(domain.KindCustomer, 3)
	type v = variables
	for _, test := range []struct {
		name string
		v    v
		want []string
	}{
		{"the list", nil, []string{"100.00", "110.00", "90.00"}},
		{"in a currency", v{"in": "EUR"}, []string{"100.00", "90.00"}},
		{"in no currency", v{"in": "SEK"}, []string{}},
		{"on a day", v{"on": "2026-03-31"}, []string{"100.00", "90.00"}},
		{"on the first day", v{"on": "2026-04-01", "in": "USD"}, []string{"110.00"}},
		{"of a customer", v{"c": first, "in": "EUR"}, []string{"80.00", "100.00", "85.50", "90.00"}},
		{"of a customer on the contract's last day", v{"c": first, "in": "EUR", "on": "2026-03-31"}, []string{"80.00", "100.00", "85.50", "90.00"}},
		{"of a customer after the contract", v{"c": first, "in": "EUR", "on": "2026-04-01"}, []string{"100.00", "85.50", "90.00"}},
		{"of a customer without a segment", v{"c": second, "in": "JPY"}, []string{"9000"}},
		{"of another segment", v{"c": third, "in": "EUR"}, []string{"100.00", "70.00", "90.00"}},
		{"of nobody", v{"c": opaque(domain.KindCustomer, 99), "in": "EUR"}, []string{"100.00", "90.00"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			assert.Equal(t, test.want, a.in(t).must(query, test.v).each("product.prices", "unitPrice.amount"))
		})
	}
	answer := a.must(query, v{"c": first, "in": "EUR"})
	assert.Equal(t, []string{"CONTRACT", "LIST", "SEGMENT", "LIST"}, answer.each("product.prices", "kind"))
	assert.Equal(t, []string{"1", "1", "1", "10"}, answer.each("product.prices", "minQuantity"))
	assert.Equal(t, "2026-06-30", answer.text("product.prices.2.validTo"))
	assert.Nil(t, answer.at("product.prices.1.validFrom"), "for ever has no day")
	assert.Nil(t, answer.at("product.prices.1.validTo"))
	assert.Contains(t, a.refused(query, v{"c": opaque(domain.KindProduct, 1)}), "takes the id of a Customer")
	a.refused(query, v{"on": "31.03.2026"})
}

func testStockAndReplacement(t *testing.T, a *api) {
	answer := a.must(`{ product(sku: "DR-100") { replacement { sku } category { code } media { kind title } stock { warehouse { code } onHand allocated available inbound { quantity expectedOn reference } } } }`, nil)
	assert.Equal(t, "DR-200", answer.text("product.replacement.sku"))
	assert.Equal(t, "DRILLS", answer.text("product.category.code"))
	assert.Equal(t, "IMAGE", answer.text("product.media.0.kind"))
	assert.Equal(t, []string{"AMS", "BER"}, answer.each("product.stock", "warehouse.code"))
	assert.Equal(t, []string{"-3", "6.5"}, answer.each("product.stock", "available"), "more may be promised than there is")
	assert.Equal(t, []string{"2026-03-20", "2026-04-02"}, answer.each("product.stock.1.inbound", "expectedOn"))
	assert.Empty(t, answer.list("product.stock.0.inbound"))

	none := a.must(`{ product(sku: "ZZ-001") { replacement { sku } category { code } media { kind } stock { onHand } prices { kind } } }`, nil)
	assert.Nil(t, none.at("product.category"))
	for _, list := range []string{"media", "stock", "prices"} {
		assert.Empty(t, none.list("product."+list))
	}
	assert.Nil(t, a.must(`{ product(sku: "nothing") { id } }`, nil).at("product"))
	assert.Contains(t, a.refused(`{ product { id } }`, nil), "one of them")
	assert.Nil(t, a.must(`query ($id: ID) { product(id: $id) { id } }`, variables{"id": opaque(domain.KindOrder, 1, 1)}).at("product"))
}
