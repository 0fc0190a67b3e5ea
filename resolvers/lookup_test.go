package resolvers_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

const lookupQuery = `query ($reference: String!, $first: Int! = 10) { lookup(reference: $reference, first: $first) {
	matched text score customer { number }
	node { __typename id ... on Customer { name } ... on Order { number } ... on Product { sku } ... on Shipment { number } }
} }`

func testLookupFindsEveryKindOfReference(t *testing.T, a *api) {
	var matched []string
	for _, test := range []struct{ reference, matched, typename, owner string }{
		{"c-1001", "CUSTOMER_NUMBER", "Customer", "C-1001"},
		{"  C-1002\t", "CUSTOMER_NUMBER", "Customer", "C-1002"},
		{"DE123456789", "CUSTOMER_REFERENCE", "Customer", "C-1001"},
		{"Office@Yamada.example", "CUSTOMER_EMAIL", "Customer", "C-1002"},
		{"03 5555-0188", "CUSTOMER_PHONE", "Customer", "C-1002"},
		{"muller maschinenbau", "CUSTOMER_NAME", "Customer", "C-1001"},
		{"Maschinenbua", "CUSTOMER_NAME", "Customer", "C-1001"},
		{"jose alvarez", "CONTACT_NAME", "Contact", "C-1001"},
		{"Jose@Mueller.example", "CONTACT_EMAIL", "Contact", "C-1001"},
		{"030 1234567", "CONTACT_PHONE", "Contact", "C-1001"},
		{"o-5001", "ORDER_NUMBER", "Order", "C-1001"},
		{"po/77", "PO_NUMBER", "Order", "C-1001"},
		{"Q-9001", "QUOTE_NUMBER", "Quote", "C-1001"},
		{"I-3001", "INVOICE_NUMBER", "Invoice", "C-1001"},
		{"N-4001", "CREDIT_NOTE_NUMBER", "CreditNote", "C-1001"},
		{"K-6001", "CASE_NUMBER", "Case", "C-1001"},
		{"S-8001", "SHIPMENT_NUMBER", "Shipment", "C-1001"},
		{"RR 12/34&x=1", "TRACKING_NUMBER", "Shipment", "C-1001"},
		{"pk55667788", "TRACKING_NUMBER", "Shipment", "C-1001"},
		{"dr-200", "SKU", "Product", ""},
		{"circular saw", "PRODUCT_NAME", "Product", ""},
	} {
		matched = append(matched, test.matched)
		t.Run(test.reference, func(t *testing.T) {
			answer := a.in(t).must(lookupQuery, variables{"reference": test.reference})
			assert.Equal(t, test.matched, answer.text("lookup.0.matched"), answer.body)
			assert.Equal(t, test.typename, answer.text("lookup.0.node.__typename"))
			if test.owner == "" {
				assert.Nil(t, answer.at("lookup.0.customer"), "the catalogue is nobody's")
			} else {
				assert.Equal(t, test.owner, answer.text("lookup.0.customer.number"))
			}
		})
	}
	assert.ElementsMatch(t, a.enum("LookupMatch"), slices.Compact(slices.Sorted(slices.Values(matched))), "each kind of match has a line above")
}

func (a *api) enum(name string) []string {
	var values []string
	for _, value := range a.definition(name).EnumValues {
		values = append(values, value.Name)
	}
	return values
}

func TestLookupRanksTheSurestFirst(t *testing.T) {
	t.Parallel()
	a := newShop(t)
	answer := a.must(lookupQuery, variables{"reference": "O-500"})
	assert.Equal(t, []string{"O-5001", "O-5002", "O-5003"}, slices.Sorted(slices.Values(answer.each("lookup", "text"))))
	assert.Less(t, answer.text("lookup.0.score"), "1", "a beginning is not the whole")

	a.exec(`UPDATE orders SET po_number = 'C-1001-B' WHERE customer_id = 2`)
	answer = a.must(lookupQuery, variables{"reference": "C-1001"})
	assert.Equal(t, []string{"C-1001", "C-1001-B"}, answer.each("lookup", "text"), "the whole number before the beginning of one")
	assert.Equal(t, "1", answer.text("lookup.0.score"))
	scores := answer.each("lookup", "score")
	assert.True(t, slices.IsSortedFunc(scores, func(a, b string) int { return strings.Compare(b, a) }), "%v", scores)

	one := a.must(lookupQuery, variables{"reference": "O-5", "first": 1})
	assert.Len(t, one.list("lookup"), 1)
	// A shipment that is found by its own number and by a package's is one hit.
	a.exec(`UPDATE packages SET tracking_number = 'S-8001'`)
	assert.Len(t, a.must(lookupQuery, variables{"reference": "S-8001"}).list("lookup"), 1)
}

func testLookupRefusesWhatIsNoReference(t *testing.T, a *api) {
	for _, reference := range []string{"", "x", " x ", "\x00\x00\x00", strings.Repeat("x", 201)} {
		assert.Contains(t, a.refused(lookupQuery, variables{"reference": reference}), "2 to 200 characters")
	}
	for _, first := range []int{0, -1, 51} {
		assert.Contains(t, a.refused(lookupQuery, variables{"reference": "C-1001", "first": first}), "1 to 50")
	}
	for _, reference := range []string{"no such thing", "%%", "__", `\\`, "'; DROP TABLE orders --", "💥💥", "@@", "++++++", strings.Repeat("ß", 200), "\x00nothing\x00"} {
		assert.Empty(t, a.must(lookupQuery, variables{"reference": reference}).list("lookup"), "%q", reference)
	}
}
