package domain

import (
	"cmp"
	"fmt"
	"slices"
)

// The parts of a customer's credit.
const (
	CreditOpenInvoices        CreditComponentKind = "OPEN_INVOICES"
	CreditOpenOrders          CreditComponentKind = "OPEN_ORDERS"
	CreditUnallocatedPayments CreditComponentKind = "UNALLOCATED_PAYMENTS"
	CreditOpenCreditNotes     CreditComponentKind = "OPEN_CREDIT_NOTES"
	CreditOverdueInvoices     CreditComponentKind = "OVERDUE_INVOICES"
	CreditDisputedInvoices    CreditComponentKind = "DISPUTED_INVOICES"
	CreditOpenQuotes          CreditComponentKind = "OPEN_QUOTES"
)

// counted tells whether a part stands against the limit. The others repeat what is counted already, or may never come.
func (k CreditComponentKind) counted() bool {
	switch k {
	case CreditOpenInvoices, CreditOpenOrders, CreditUnallocatedPayments, CreditOpenCreditNotes:
		return true
	default:
		return false
	}
}

// OpenItem is a sum of what is open with a customer: of one kind, in one currency, and for invoices in one ageing bucket.
type OpenItem struct {
	CustomerRow  int64
	Kind         CreditComponentKind
	CurrencyCode string
	// Bucket is the index in the ageing buckets, for OPEN_INVOICES; zero otherwise.
	Bucket int
	Amount Decimal
	Count  int
}

// CustomerDay names a customer on a day: what is overdue depends on the day where the customer is.
type CustomerDay struct {
	Customer ID
	Today    Date
}

// OpenItems is all that is open with one customer.
type OpenItems []OpenItem

// Credit is how far a customer may buy on account.
type Credit struct {
	Limit      *Money
	Used       Money
	Available  *Money
	Components []CreditComponent
}

// CreditComponent is one part of a customer's credit.
type CreditComponent struct {
	Kind    CreditComponentKind
	Amount  Money
	Count   int
	Counted bool
}

// Credit weighs what is open against the customer's limit: used is the sum of the counted components, available the limit less used.
// What is open in another currency than the customer's is shown and not counted: there is no rate to count it with.
func (items OpenItems) Credit(customer *Customer) (*Credit, error) {
	components, err := items.components(customer.CurrencyCode)
	if err != nil {
		return nil, err
	}
	var counted []Decimal
	for _, component := range components {
		if component.Counted {
			counted = append(counted, component.Amount.Amount)
		}
	}
	used, err := Sum(counted...)
	if err != nil {
		return nil, err
	}
	credit := &Credit{
		Limit:      optionalMoney(customer.CreditLimit, customer.CurrencyCode),
		Used:       NewMoney(used, customer.CurrencyCode),
		Components: components,
	}
	if customer.CreditLimit != nil {
		available, err := customer.CreditLimit.Sub(used)
		if err != nil {
			return nil, fmt.Errorf("take used credit off the limit: %w", err)
		}
		credit.Available = optionalMoney(&available, customer.CurrencyCode)
	}
	return credit, nil
}

// components adds the items up by kind and currency.
func (items OpenItems) components(currency string) ([]CreditComponent, error) {
	type key struct {
		kind     CreditComponentKind
		currency string
	}
	index := map[key]int{}
	var components []CreditComponent
	for _, item := range items {
		kinds := []CreditComponentKind{item.Kind}
		if item.Kind == CreditOpenInvoices && item.Bucket > 0 {
			kinds = append(kinds, CreditOverdueInvoices)
		}
		for _, kind := range kinds {
			k := key{kind, item.CurrencyCode}
			at, known := index[k]
			if !known {
				at = len(components)
				index[k] = at
				components = append(components, CreditComponent{
					Kind: kind, Amount: NewMoney(Decimal{}, item.CurrencyCode),
					Counted: kind.counted() && item.CurrencyCode == currency,
				})
			}
			sum, err := components[at].Amount.Amount.Add(item.Amount)
			if err != nil {
				return nil, fmt.Errorf("add open items: %w", err)
			}
			components[at].Amount = NewMoney(sum, item.CurrencyCode)
			components[at].Count += item.Count
		}
	}
	slices.SortFunc(components, func(a, b CreditComponent) int {
		return cmp.Or(compareBool(b.Counted, a.Counted), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Amount.CurrencyCode, b.Amount.CurrencyCode))
	})
	return components, nil
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	default:
		return -1
	}
}
