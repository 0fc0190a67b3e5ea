package domain_test

import (
	"testing"

	"github.com/govalues/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/vigie-dev/vigie/domain"
)

func amount(text string) domain.Decimal { return decimal.MustParse(text) }

func TestMoneyHasItsCurrencysDigits(t *testing.T) {
	for _, test := range []struct{ amount, currency, want string }{
		{"1", "EUR", "1.00"}, {"1.5", "EUR", "1.50"}, {"1.5000", "EUR", "1.50"}, {"1.2345", "EUR", "1.2345"}, {"-0.1", "EUR", "-0.10"}, {"0", "EUR", "0.00"},
		{"1500", "JPY", "1500"}, {"1500.00", "JPY", "1500"}, {"1500.5", "JPY", "1500.5"}, {"0.0000", "JPY", "0"},
		{"1", "KWD", "1.000"}, {"1.2345", "KWD", "1.2345"}, {"1.2340", "KWD", "1.234"},
		{"2.5", "XYZ", "2.50"},
		{"9999999999999999999", "EUR", "9999999999999999999"},
	} {
		money := domain.NewMoney(amount(test.amount), test.currency)
		assert.Equal(t, test.want, money.Amount.String(), "%s %s", test.amount, test.currency)
		assert.Equal(t, test.currency, money.CurrencyCode)
	}
}

func TestMoneyKeepsItsValue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := decimal.MustNew(rapid.Int64().Draw(t, "digits"), rapid.IntRange(0, 19).Draw(t, "scale"))
		money := domain.NewMoney(d, rapid.SampledFrom([]string{"EUR", "JPY", "KWD", "", "nonsense"}).Draw(t, "currency"))
		require.True(t, d.Equal(money.Amount), "%s became %s", d, money.Amount)
	})
}

func TestSum(t *testing.T) {
	total, err := domain.Sum(amount("0.1"), amount("0.2"), amount("-0.30"))
	require.NoError(t, err)
	assert.True(t, total.IsZero())
	none, err := domain.Sum()
	require.NoError(t, err)
	assert.True(t, none.IsZero())
	_, err = domain.Sum(amount("9999999999999999999"), amount("1"))
	assert.ErrorContains(t, err, "add amounts")
}
