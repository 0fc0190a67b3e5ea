package domain

import "time"

// The closed sets of words of sales.
type (
	QuoteStatus  string
	OrderStatus  string
	OrderChannel string
	ReturnStatus string
	ReturnReason string
)

// The states of an order that its progress depends on.
const (
	OrderCancelled   OrderStatus = "CANCELLED"
	OrderUnavailable OrderStatus = "UNAVAILABLE"
	OrderDraft       OrderStatus = "DRAFT"
)

// Quote is an offer to a customer.
type Quote struct {
	Owned
	ContactRow   *int64      `db:"contact_id"`
	OwnerRow     *int64      `db:"owner_id"`
	Number       string      `db:"number"`
	Status       QuoteStatus `db:"status"`
	QuotedAt     time.Time   `db:"quoted_at"`
	ValidUntil   *Date       `db:"valid_until"`
	CurrencyCode string      `db:"currency"`
	TotalAmount  Decimal     `db:"total"`
}

// ID identifies the quote.
func (q *Quote) ID() ID { return OwnedID(KindQuote, q.CustomerRow, q.Row) }

// Total is the sum of the lines.
func (q *Quote) Total() Money { return NewMoney(q.TotalAmount, q.CurrencyCode) }

// QuoteLine is one line of a quote.
type QuoteLine struct {
	Owned
	QuoteRow        int64   `db:"quote_id"`
	ProductRow      *int64  `db:"product_id"`
	LineNumber      int     `db:"line_number"`
	Description     *string `db:"description"`
	OrderedQuantity Decimal `db:"quantity"`
	Unit            *string `db:"unit"`
	CurrencyCode    string  `db:"currency"`
	Price           Decimal `db:"unit_price"`
	LineAmount      Decimal `db:"amount"`
}

// ID identifies the line.
func (l *QuoteLine) ID() ID { return OwnedID(KindQuoteLine, l.CustomerRow, l.Row) }

// Quantity is how much is offered.
func (l *QuoteLine) Quantity() Decimal { return quantity(l.OrderedQuantity) }

// UnitPrice is the price of one.
func (l *QuoteLine) UnitPrice() Money { return NewMoney(l.Price, l.CurrencyCode) }

// Amount is quantity times price.
func (l *QuoteLine) Amount() Money { return NewMoney(l.LineAmount, l.CurrencyCode) }

// Order is an order of a customer.
type Order struct {
	Owned
	SiteRow      *int64       `db:"site_id"`
	ContactRow   *int64       `db:"contact_id"`
	QuoteRow     *int64       `db:"quote_id"`
	Number       string       `db:"number"`
	PoNumber     *string      `db:"po_number"`
	Status       OrderStatus  `db:"status"`
	Channel      OrderChannel `db:"channel"`
	CountryCode  *string      `db:"country_code"`
	PlacedAt     time.Time    `db:"placed_at"`
	ConfirmedAt  *time.Time   `db:"confirmed_at"`
	ShippedAt    *time.Time   `db:"shipped_at"`
	DeliveredAt  *time.Time   `db:"delivered_at"`
	CancelledAt  *time.Time   `db:"cancelled_at"`
	RequestedOn  *Date        `db:"requested_on"`
	PromisedOn   *Date        `db:"promised_on"`
	DeliveredOn  *Date        `db:"delivered_on"`
	CurrencyCode string       `db:"currency"`
	GoodsAmount  Decimal      `db:"goods_total"`
	FreightPrice Decimal      `db:"freight_total"`
	TaxAmount    Decimal      `db:"tax_total"`
	TotalAmount  Decimal      `db:"total"`
	UpdatedAt    time.Time    `db:"updated_at"`
}

// ID identifies the order.
func (o *Order) ID() ID { return OwnedID(KindOrder, o.CustomerRow, o.Row) }

// OccurredAt is when the order was placed.
func (o *Order) OccurredAt() time.Time { return o.PlacedAt }

// GoodsTotal is the sum of the lines.
func (o *Order) GoodsTotal() Money { return NewMoney(o.GoodsAmount, o.CurrencyCode) }

// FreightTotal is what the transport costs the customer.
func (o *Order) FreightTotal() Money { return NewMoney(o.FreightPrice, o.CurrencyCode) }

// TaxTotal is the tax in all.
func (o *Order) TaxTotal() Money { return NewMoney(o.TaxAmount, o.CurrencyCode) }

// Total is what the customer pays in all.
func (o *Order) Total() Money { return NewMoney(o.TotalAmount, o.CurrencyCode) }

// DeliveredLate tells whether the order arrived after the promised day. Lateness is counted in calendar days at the place
// of delivery: an arrival in the afternoon of the promised day is in time. Nil until it arrives and without a promise.
func (o *Order) DeliveredLate() *bool {
	if o.DeliveredOn == nil || o.PromisedOn == nil {
		return nil
	}
	late := o.PromisedOn.Before(*o.DeliveredOn)
	return &late
}

// OrderLine is one line of an order.
type OrderLine struct {
	Owned
	OrderRow        int64      `db:"order_id"`
	ProductRow      *int64     `db:"product_id"`
	LineNumber      int        `db:"line_number"`
	Description     *string    `db:"description"`
	OrderedQuantity Decimal    `db:"quantity"`
	ShippedAmount   *Decimal   `db:"shipped_quantity"`
	Unit            *string    `db:"unit"`
	CurrencyCode    string     `db:"currency"`
	Price           Decimal    `db:"unit_price"`
	FreightPrice    *Decimal   `db:"freight"`
	LineAmount      Decimal    `db:"amount"`
	ShipBy          *time.Time `db:"ship_by"`
}

// ID identifies the line.
func (l *OrderLine) ID() ID { return OwnedID(KindOrderLine, l.CustomerRow, l.Row) }

// Quantity is how much was ordered.
func (l *OrderLine) Quantity() Decimal { return quantity(l.OrderedQuantity) }

// ShippedQuantity is how much has left, or nil where the source does not say.
func (l *OrderLine) ShippedQuantity() *Decimal { return optionalQuantity(l.ShippedAmount) }

// UnitPrice is the price of one.
func (l *OrderLine) UnitPrice() Money { return NewMoney(l.Price, l.CurrencyCode) }

// Freight is the line's part of the freight, or nil.
func (l *OrderLine) Freight() *Money { return optionalMoney(l.FreightPrice, l.CurrencyCode) }

// Amount is quantity times price.
func (l *OrderLine) Amount() Money { return NewMoney(l.LineAmount, l.CurrencyCode) }

// Return is goods that come back.
type Return struct {
	Owned
	OrderRow     int64        `db:"order_id"`
	Number       string       `db:"number"`
	Status       ReturnStatus `db:"status"`
	Reason       ReturnReason `db:"reason"`
	Note         *string      `db:"note"`
	RequestedAt  time.Time    `db:"requested_at"`
	ReceivedAt   *time.Time   `db:"received_at"`
	CurrencyCode string       `db:"currency"`
	RefundAmount *Decimal     `db:"refund"`
}

// ID identifies the return.
func (r *Return) ID() ID { return OwnedID(KindReturn, r.CustomerRow, r.Row) }

// Refund is what we pay back, or nil.
func (r *Return) Refund() *Money { return optionalMoney(r.RefundAmount, r.CurrencyCode) }

// ReturnLine is one line of a return.
type ReturnLine struct {
	Owned
	ReturnRow    int64   `db:"return_id"`
	OrderLineRow int64   `db:"order_line_id"`
	Returned     Decimal `db:"quantity"`
}

// ID identifies the line.
func (l *ReturnLine) ID() ID { return OwnedID(KindReturnLine, l.CustomerRow, l.Row) }

// Quantity is how much comes back.
func (l *ReturnLine) Quantity() Decimal { return quantity(l.Returned) }
