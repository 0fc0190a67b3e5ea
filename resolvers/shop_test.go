package resolvers_test

import (
	_ "embed"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

//go:embed testdata/shop.sql
var shopRows string

// newShop serves the few exact rows of testdata/shop.sql.
func newShop(t testing.TB, options ...option) *api {
	t.Helper()
	a := newAPI(t, append([]option{waiting(time.Millisecond)}, options...)...)
	_, err := a.db.ExecContext(t.Context(), shopRows)
	require.NoError(t, err)
	return a
}

// TestShop runs what only reads the shop over one database.
func TestShop(t *testing.T) {
	t.Parallel()
	a := newShop(t)
	for _, test := range []struct {
		name string
		run  func(*testing.T, *api)
	}{
		{"filters arrive as written", testFiltersArriveAsWritten},
		{"filters of numbers and days", testFiltersOfNumbersAndDays},
		{"filters that cannot be are refused", testFiltersThatCannotBeAreRefused},
		{"products are searched", testProductsAreSearched},
		{"facets divide what was found", testFacetsDivideWhatWasFound},
		{"product filters", testProductFilters},
		{"prices", testPrices},
		{"stock and replacement", testStockAndReplacement},
		{"lookup finds every kind of reference", testLookupFindsEveryKindOfReference},
		{"lookup refuses what is no reference", testLookupRefusesWhatIsNoReference},
		{"unknown ids give nulls in place", testUnknownIDsGiveNullsInPlace},
		{"damaged ids are refused", testDamagedIDsAreRefused},
		{"customer by id or number", testCustomerByIDOrNumber},
		{"customer relations", testCustomerRelations},
		{"order progress", testOrderProgress},
		{"shipment relations", testShipmentRelations},
		{"credit and ageing", testCreditAndAgeing},
		{"money is written as its currency is", testMoneyIsWrittenAsItsCurrencyIs},
		{"instants and days", testInstantsAndDays},
		{"scalar input", testScalarInput},
		{"timeline is one stream", testTimelineIsOneStream},
		{"timeline filter", testTimelineFilter},
		{"fragments on interfaces", testFragmentsOnInterfaces},
		{"aliases with different arguments", testAliasesWithDifferentArguments},
		{"selections of one field are merged", testSelectionsOfOneFieldAreMerged},
		{"include and skip", testIncludeAndSkip},
		{"wrong documents are refused", testWrongDocumentsAreRefused},
		{"get", testGet},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, a.in(t)) })
	}
}
