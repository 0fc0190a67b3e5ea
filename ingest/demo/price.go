package demo

import (
	"fmt"
	"math"
)

// currency is one of the currencies in which the company has price lists.
type currency int

const (
	eur currency = iota
	gbp
	pln
	usd
	brl
	chf
	currencyCount
)

func (c currency) String() string {
	return [currencyCount]string{"EUR", "GBP", "PLN", "USD", "BRL", "CHF"}[c]
}

// rate is what one euro is worth, roughly and for ever: lists do not follow the exchange day by day.
func (c currency) rate() float64 {
	return [currencyCount]float64{1, 0.86, 4.3, 1.09, 5.6, 0.96}[c]
}

func parseCurrency(code string) (currency, error) {
	for c := range currencyCount {
		if c.String() == code {
			return c, nil
		}
	}
	return 0, fmt.Errorf("no price list in currency %s", code)
}

// segment is a kind of customer as far as prices are concerned.
type segment int

const (
	consumer segment = iota
	smallBusiness
	midMarket
	keyAccount
	reseller
	publicSector
	segmentCount
)

func (s segment) String() string {
	return [segmentCount]string{"CONSUMER", "SMALL_BUSINESS", "MID_MARKET", "KEY_ACCOUNT", "RESELLER", "PUBLIC_SECTOR"}[s]
}

// discount is what a segment's own prices are below the list, in per cent; 0 where it has none.
func (s segment) discount() int64 {
	return [segmentCount]int64{0, 0, 0, 12, 18, 8}[s]
}

// quantityBreaks are the quantities from which a product costs less, and by how many per cent.
func quantityBreaks() [2]struct{ quantity, percent int64 } {
	return [2]struct{ quantity, percent int64 }{{10, 5}, {100, 12}}
}

// euros turns a base price in euros into a list price: local currency, and an ending that looks like a price.
func (c currency) list(base float64) cents {
	v := base * c.rate()
	switch {
	case v < 10:
		return max(cents(math.Round(v*100)), 1)
	case v < 100:
		return cents(math.Round(v*10))*10 - 5
	default:
		return cents(math.Round(v))*100 - 10
	}
}

// less takes percent off an amount, rounded to the cent.
func (v cents) less(percent int64) cents {
	return max((v*cents(100-percent)+50)/100, 1)
}
