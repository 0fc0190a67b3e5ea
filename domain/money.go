package domain

import (
	"fmt"

	"github.com/govalues/decimal"
)

// Decimal is an exact decimal number of up to 19 digits.
type Decimal = decimal.Decimal

// Money is an amount in a currency (ISO 4217).
type Money struct {
	Amount       Decimal
	CurrencyCode string
}

// NewMoney writes an amount with at least the currency's usual decimals and without needless zeros behind them.
func NewMoney(amount Decimal, currency string) Money {
	digits := minorDigits(currency)
	return Money{Amount: amount.Pad(digits).Trim(digits), CurrencyCode: currency}
}

// minorDigits is the number of decimals in which a currency is written (ISO 4217, column "minor unit").
func minorDigits(currency string) int {
	switch currency {
	case "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF":
		return 0
	case "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND":
		return 3
	default:
		return 2
	}
}

// Sum adds amounts up. It fails where the sum has more than 19 digits.
func Sum(amounts ...Decimal) (Decimal, error) {
	var total Decimal
	for _, amount := range amounts {
		next, err := total.Add(amount)
		if err != nil {
			return Decimal{}, fmt.Errorf("add amounts: %w", err)
		}
		total = next
	}
	return total, nil
}

// optionalMoney is the amount in the currency, or nil where there is none.
func optionalMoney(amount *Decimal, currency string) *Money {
	if amount == nil {
		return nil
	}
	money := NewMoney(*amount, currency)
	return &money
}

// Quantity is a decimal without needless zeros.
func quantity(d Decimal) Decimal { return d.Trim(0) }

func optionalQuantity(d *Decimal) *Decimal {
	if d == nil {
		return nil
	}
	trimmed := quantity(*d)
	return &trimmed
}
