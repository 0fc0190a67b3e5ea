package domain_test

import (
	"slices"
	"testing"

	"github.com/govalues/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/vigie-dev/vigie/domain"
)

func kinds() []domain.CreditComponentKind {
	return []domain.CreditComponentKind{
		domain.CreditOpenInvoices, domain.CreditOpenOrders, domain.CreditUnallocatedPayments, domain.CreditOpenCreditNotes,
		domain.CreditDisputedInvoices, domain.CreditOpenQuotes,
	}
}

func anyItems() *rapid.Generator[domain.OpenItems] {
	return rapid.Custom(func(t *rapid.T) domain.OpenItems {
		return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) domain.OpenItem {
			item := domain.OpenItem{
				CustomerRow: 1, Kind: rapid.SampledFrom(kinds()).Draw(t, "kind"), CurrencyCode: rapid.SampledFrom([]string{"EUR", "USD", "JPY"}).Draw(t, "currency"),
				Amount: decimal.MustNew(rapid.Int64Range(-1e9, 1e9).Draw(t, "cents"), 2), Count: rapid.IntRange(1, 9).Draw(t, "count"),
			}
			if item.Kind == domain.CreditOpenInvoices {
				item.Bucket = rapid.IntRange(0, len(domain.AgeingLimits())).Draw(t, "bucket")
			}
			return item
		}), 0, 30).Draw(t, "items")
	})
}

// The promise to whoever asks why: used is the sum of what is counted, available what is left of the limit.
func TestCreditAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		items := anyItems().Draw(t, "items")
		customer := &domain.Customer{Row: 1, CurrencyCode: "EUR"}
		if rapid.Bool().Draw(t, "limited") {
			limit := decimal.MustNew(rapid.Int64Range(0, 1e9).Draw(t, "limit"), 2)
			customer.CreditLimit = &limit
		}
		credit, err := items.Credit(customer)
		require.NoError(t, err)
		var counted []domain.Decimal
		seen := map[string]bool{}
		for _, component := range credit.Components {
			if component.Counted {
				require.Equal(t, "EUR", component.Amount.CurrencyCode, "only the customer's own currency is counted")
				counted = append(counted, component.Amount.Amount)
			}
			name := string(component.Kind) + component.Amount.CurrencyCode
			require.False(t, seen[name], "%s twice", name)
			seen[name] = true
		}
		sum, err := domain.Sum(counted...)
		require.NoError(t, err)
		require.True(t, sum.Equal(credit.Used.Amount), "%s is not %s", sum, credit.Used.Amount)
		require.Equal(t, customer.CreditLimit == nil, credit.Limit == nil)
		require.Equal(t, customer.CreditLimit == nil, credit.Available == nil)
		if credit.Available != nil {
			whole, err := domain.Sum(credit.Available.Amount, credit.Used.Amount)
			require.NoError(t, err)
			require.True(t, whole.Equal(credit.Limit.Amount))
		}
		counts := func(list []domain.OpenItem) (n int) {
			for _, item := range list {
				n += item.Count
				if item.Kind == domain.CreditOpenInvoices && item.Bucket > 0 {
					n += item.Count // Once more, as overdue.
				}
			}
			return n
		}
		total := 0
		for _, component := range credit.Components {
			total += component.Count
		}
		require.Equal(t, counts(items), total, "nothing is lost")
		require.True(t, slices.IsSortedFunc(credit.Components, func(a, b domain.CreditComponent) int {
			if a.Counted == b.Counted {
				return 0
			}
			if a.Counted {
				return -1
			}
			return 1
		}), "what is counted comes first")
	})
}

func TestAgeingAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		items := anyItems().Draw(t, "items")
		ageing, err := items.Ageing()
		require.NoError(t, err)
		credit, err := items.Credit(&domain.Customer{CurrencyCode: "EUR"})
		require.NoError(t, err)
		open := map[string]domain.CreditComponent{}
		for _, component := range credit.Components {
			if component.Kind == domain.CreditOpenInvoices {
				open[component.Amount.CurrencyCode] = component
			}
		}
		require.Len(t, ageing, len(open), "one for each currency")
		for i, one := range ageing {
			require.True(t, i == 0 || ageing[i-1].CurrencyCode < one.CurrencyCode)
			var amounts []domain.Decimal
			count := 0
			for _, bucket := range one.Buckets {
				require.Equal(t, one.CurrencyCode, bucket.Amount.CurrencyCode)
				amounts, count = append(amounts, bucket.Amount.Amount), count+bucket.Count
			}
			sum, err := domain.Sum(amounts...)
			require.NoError(t, err)
			require.True(t, sum.Equal(one.Total.Amount))
			require.True(t, sum.Equal(open[one.CurrencyCode].Amount.Amount), "credit and ageing speak of the same invoices")
			require.Equal(t, open[one.CurrencyCode].Count, count)
		}
	})
}

func TestAgeingBucketsCoverAllDaysOnce(t *testing.T) {
	ageing, err := domain.OpenItems{{Kind: domain.CreditOpenInvoices, CurrencyCode: "JPY", Amount: amount("5"), Count: 1, Bucket: 4}}.Ageing()
	require.NoError(t, err)
	buckets := ageing[0].Buckets
	require.Len(t, buckets, 5)
	assert.Nil(t, buckets[0].FromDays)
	assert.Nil(t, buckets[4].ToDays)
	for i := 1; i < len(buckets); i++ {
		assert.Equal(t, *buckets[i-1].ToDays+1, *buckets[i].FromDays, "no day between two buckets, and none in both")
	}
	assert.Equal(t, "0", buckets[1].Amount.Amount.String(), "every bucket is there, in the currency's digits")
	assert.Equal(t, "5", buckets[4].Amount.Amount.String())
	_, err = domain.OpenItems{{Kind: domain.CreditOpenInvoices, Bucket: 5}}.Ageing()
	assert.ErrorContains(t, err, "bucket 5")
}

func TestCreditOfNothing(t *testing.T) {
	limit := amount("100")
	credit, err := domain.OpenItems{}.Credit(&domain.Customer{CurrencyCode: "EUR", CreditLimit: &limit})
	require.NoError(t, err)
	assert.Equal(t, "0.00", credit.Used.Amount.String())
	assert.Equal(t, "100.00", credit.Available.Amount.String())
	assert.Empty(t, credit.Components)

	over, err := domain.OpenItems{{Kind: domain.CreditOpenOrders, CurrencyCode: "EUR", Amount: amount("150"), Count: 1}}.Credit(&domain.Customer{CurrencyCode: "EUR", CreditLimit: &limit})
	require.NoError(t, err)
	assert.Equal(t, "-50.00", over.Available.Amount.String(), "how far beyond the limit is worth knowing")

	_, err = domain.OpenItems{
		{Kind: domain.CreditOpenOrders, CurrencyCode: "EUR", Amount: amount("9999999999999999999")}, {Kind: domain.CreditOpenOrders, CurrencyCode: "EUR", Amount: amount("1")},
	}.Credit(&domain.Customer{CurrencyCode: "EUR"})
	assert.Error(t, err, "a sum that does not fit is no sum")
}
