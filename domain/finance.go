package domain

import "time"

// The closed sets of words of finance.
type (
	InvoiceStatus       string
	PaymentMethod       string
	DisputeStatus       string
	DisputeReason       string
	CreditComponentKind string
)

// Invoice is an invoice to a customer.
type Invoice struct {
	Owned
	OrderRow       *int64        `db:"order_id"`
	Number         string        `db:"number"`
	Status         InvoiceStatus `db:"status"`
	IssuedOn       Date          `db:"issued_on"`
	DueOn          Date          `db:"due_on"`
	CurrencyCode   string        `db:"currency"`
	NetAmount      Decimal       `db:"net_total"`
	TaxAmount      Decimal       `db:"tax_total"`
	TotalAmount    Decimal       `db:"total"`
	PaidAmount     Decimal       `db:"paid"`
	CreditedAmount Decimal       `db:"credited"`
	BalanceAmount  Decimal       `db:"balance"`
	UpdatedAt      time.Time     `db:"updated_at"`
	OccurredAt     time.Time     `db:"occurred_at"`
}

// ID identifies the invoice.
func (i *Invoice) ID() ID { return OwnedID(KindInvoice, i.CustomerRow, i.Row) }

// NetTotal is the total before tax.
func (i *Invoice) NetTotal() Money { return NewMoney(i.NetAmount, i.CurrencyCode) }

// TaxTotal is the tax in all.
func (i *Invoice) TaxTotal() Money { return NewMoney(i.TaxAmount, i.CurrencyCode) }

// Total is the total with tax.
func (i *Invoice) Total() Money { return NewMoney(i.TotalAmount, i.CurrencyCode) }

// Paid is what was paid.
func (i *Invoice) Paid() Money { return NewMoney(i.PaidAmount, i.CurrencyCode) }

// Credited is what credit notes took off.
func (i *Invoice) Credited() Money { return NewMoney(i.CreditedAmount, i.CurrencyCode) }

// Balance is what is still to be paid.
func (i *Invoice) Balance() Money { return NewMoney(i.BalanceAmount, i.CurrencyCode) }

// InvoiceLine is one line of an invoice.
type InvoiceLine struct {
	Owned
	InvoiceRow       int64   `db:"invoice_id"`
	OrderLineRow     *int64  `db:"order_line_id"`
	ProductRow       *int64  `db:"product_id"`
	LineNumber       int     `db:"line_number"`
	Description      *string `db:"description"`
	InvoicedQuantity Decimal `db:"quantity"`
	CurrencyCode     string  `db:"currency"`
	Price            Decimal `db:"unit_price"`
	TaxAmount        Decimal `db:"tax"`
	LineAmount       Decimal `db:"amount"`
}

// ID identifies the line.
func (l *InvoiceLine) ID() ID { return OwnedID(KindInvoiceLine, l.CustomerRow, l.Row) }

// Quantity is how much is charged.
func (l *InvoiceLine) Quantity() Decimal { return quantity(l.InvoicedQuantity) }

// UnitPrice is the price of one, before tax.
func (l *InvoiceLine) UnitPrice() Money { return NewMoney(l.Price, l.CurrencyCode) }

// Tax is the tax of the line.
func (l *InvoiceLine) Tax() Money { return NewMoney(l.TaxAmount, l.CurrencyCode) }

// Amount is quantity times price, before tax.
func (l *InvoiceLine) Amount() Money { return NewMoney(l.LineAmount, l.CurrencyCode) }

// Payment is money that came in from a customer.
type Payment struct {
	Owned
	OrderRow        *int64        `db:"order_id"`
	Reference       *string       `db:"reference"`
	Method          PaymentMethod `db:"method"`
	Installments    *int          `db:"installments"`
	ReceivedAt      *time.Time    `db:"received_at"`
	CurrencyCode    string        `db:"currency"`
	PaidAmount      Decimal       `db:"amount"`
	AllocatedAmount Decimal       `db:"allocated"`
}

// ID identifies the payment.
func (p *Payment) ID() ID { return OwnedID(KindPayment, p.CustomerRow, p.Row) }

// OccurredAt is when the payment came in, or nil.
func (p *Payment) OccurredAt() *time.Time { return p.ReceivedAt }

// Amount is how much came in.
func (p *Payment) Amount() Money { return NewMoney(p.PaidAmount, p.CurrencyCode) }

// Allocated is what is set off against invoices.
func (p *Payment) Allocated() Money { return NewMoney(p.AllocatedAmount, p.CurrencyCode) }

// PaymentAllocation is the part of a payment that was set off against one invoice.
type PaymentAllocation struct {
	Owned
	PaymentRow   int64   `db:"payment_id"`
	InvoiceRow   int64   `db:"invoice_id"`
	CurrencyCode string  `db:"currency"`
	SetOff       Decimal `db:"amount"`
}

// ID identifies the allocation.
func (a *PaymentAllocation) ID() ID { return OwnedID(KindPaymentAllocation, a.CustomerRow, a.Row) }

// Amount is how much of the payment was set off.
func (a *PaymentAllocation) Amount() Money { return NewMoney(a.SetOff, a.CurrencyCode) }

// CreditNote is money that we give back, on paper.
type CreditNote struct {
	Owned
	InvoiceRow     *int64  `db:"invoice_id"`
	ReturnRow      *int64  `db:"return_id"`
	Number         string  `db:"number"`
	IssuedOn       Date    `db:"issued_on"`
	Reason         *string `db:"reason"`
	CurrencyCode   string  `db:"currency"`
	CreditedAmount Decimal `db:"amount"`
}

// ID identifies the credit note.
func (n *CreditNote) ID() ID { return OwnedID(KindCreditNote, n.CustomerRow, n.Row) }

// Amount is how much is given back, with tax.
func (n *CreditNote) Amount() Money { return NewMoney(n.CreditedAmount, n.CurrencyCode) }

// Dispute is what a customer does not accept of an invoice.
type Dispute struct {
	Owned
	InvoiceRow     int64         `db:"invoice_id"`
	CaseRow        *int64        `db:"case_id"`
	Status         DisputeStatus `db:"status"`
	Reason         DisputeReason `db:"reason"`
	Note           *string       `db:"note"`
	OpenedAt       time.Time     `db:"opened_at"`
	ResolvedAt     *time.Time    `db:"resolved_at"`
	CurrencyCode   string        `db:"currency"`
	DisputedAmount Decimal       `db:"amount"`
}

// ID identifies the dispute.
func (d *Dispute) ID() ID { return OwnedID(KindDispute, d.CustomerRow, d.Row) }

// Amount is how much of the invoice is disputed.
func (d *Dispute) Amount() Money { return NewMoney(d.DisputedAmount, d.CurrencyCode) }
