package domain

import (
	"fmt"
	"slices"
)

// AgeingLimits are the last days past due of the ageing buckets after the first, which holds what is not yet due; the last bucket has no end.
// The statement that sums open items divides by the same numbers.
func AgeingLimits() []int { return []int{0, 30, 60, 90} }

// Ageing is open invoices in one currency, by how long they have been due.
type Ageing struct {
	CurrencyCode string
	Total        Money
	Buckets      []AgeingBucket
}

// AgeingBucket is open invoices that have been due for FromDays to ToDays days. FromDays is nil in the first (not yet due), ToDays in the last.
type AgeingBucket struct {
	FromDays, ToDays *int
	Amount           Money
	Count            int
}

// Ageing divides the open invoices by how long they have been due, for each currency; every currency has all buckets.
func (items OpenItems) Ageing() ([]Ageing, error) {
	var list []Ageing
	for _, item := range items {
		if item.Kind != CreditOpenInvoices {
			continue
		}
		at := slices.IndexFunc(list, func(a Ageing) bool { return a.CurrencyCode == item.CurrencyCode })
		if at < 0 {
			at = len(list)
			list = append(list, newAgeing(item.CurrencyCode))
		}
		err := list[at].add(item)
		if err != nil {
			return nil, err
		}
	}
	slices.SortFunc(list, func(a, b Ageing) int {
		if a.CurrencyCode < b.CurrencyCode {
			return -1
		}
		return 1
	})
	return list, nil
}

func newAgeing(currency string) Ageing {
	zero := NewMoney(Decimal{}, currency)
	limits := AgeingLimits()
	buckets := make([]AgeingBucket, len(limits)+1)
	for i := range buckets {
		buckets[i].Amount = zero
		if i > 0 {
			from := limits[i-1] + 1
			buckets[i].FromDays = &from
		}
		if i < len(limits) {
			to := limits[i]
			buckets[i].ToDays = &to
		}
	}
	return Ageing{CurrencyCode: currency, Total: zero, Buckets: buckets}
}

func (a *Ageing) add(item OpenItem) error {
	if item.Bucket < 0 || item.Bucket >= len(a.Buckets) {
		return fmt.Errorf("ageing bucket %d is not one of %d", item.Bucket, len(a.Buckets))
	}
	bucket := &a.Buckets[item.Bucket]
	sum, err := bucket.Amount.Amount.Add(item.Amount)
	if err != nil {
		return fmt.Errorf("add ageing: %w", err)
	}
	total, err := a.Total.Amount.Add(item.Amount)
	if err != nil {
		return fmt.Errorf("add ageing: %w", err)
	}
	bucket.Amount, bucket.Count = NewMoney(sum, a.CurrencyCode), bucket.Count+item.Count
	a.Total = NewMoney(total, a.CurrencyCode)
	return nil
}
