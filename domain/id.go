package domain

import "fmt"

// Kind tells what an ID identifies.
type Kind int

// The kinds of object that have an id of their own. The numbers are part of the ids that clients keep:
// add at the end, never renumber.
const (
	KindUnknown Kind = iota
	KindOrganisation
	KindUser
	KindServiceLevel
	KindCustomer
	KindContact
	KindSite
	KindInteraction
	KindCase
	KindFollowUp
	KindInvoice
	KindInvoiceLine
	KindPayment
	KindPaymentAllocation
	KindCreditNote
	KindDispute
	KindQuote
	KindQuoteLine
	KindOrder
	KindOrderLine
	KindReturn
	KindReturnLine
	KindCategory
	KindProduct
	KindWarehouse
	KindCarrier
	KindShipment
	KindPackage
	KindTrackingEvent
	KindAuditEntry
	kindEnd
)

// Kinds lists all kinds.
func Kinds() []Kind {
	kinds := make([]Kind, 0, kindEnd-1)
	for k := KindUnknown + 1; k < kindEnd; k++ {
		kinds = append(kinds, k)
	}
	return kinds
}

// String is the kind's name, which is also the GraphQL type's.
func (k Kind) String() string {
	if k >= kindEnd {
		return "Unknown"
	}
	return [...]string{
		"Unknown", "Organisation", "User", "ServiceLevel", "Customer", "Contact", "Site", "Interaction", "Case", "FollowUp",
		"Invoice", "InvoiceLine", "Payment", "PaymentAllocation", "CreditNote", "Dispute", "Quote", "QuoteLine", "Order",
		"OrderLine", "Return", "ReturnLine", "Category", "Product", "Warehouse", "Carrier", "Shipment", "Package", "TrackingEvent",
		"AuditEntry",
	}[k]
}

// Owned tells whether objects of this kind belong to a customer, so that their key begins with the customer's.
func (k Kind) Owned() bool {
	switch k {
	case KindUnknown, KindOrganisation, KindUser, KindServiceLevel, KindCategory, KindProduct, KindWarehouse, KindCarrier,
		KindAuditEntry:
		return false
	default:
		return true
	}
}

// ID identifies one object. Customer is zero for kinds that belong to no customer; a customer's own ID
// has its number in both. IDs are comparable and serve as loader keys.
type ID struct {
	Kind     Kind
	Customer int64
	Row      int64
}

// CustomerID is the ID of a customer.
func CustomerID(row int64) ID { return ID{Kind: KindCustomer, Customer: row, Row: row} }

// OwnedID is the ID of something that belongs to a customer.
func OwnedID(kind Kind, customer, row int64) ID { return ID{Kind: kind, Customer: customer, Row: row} }

// SharedID is the ID of something that belongs to no customer.
func SharedID(kind Kind, row int64) ID { return ID{Kind: kind, Row: row} }

// IsZero tells whether the ID identifies nothing.
func (id ID) IsZero() bool { return id.Kind == KindUnknown }

// String is for logs and test failures. Clients get the opaque form of package relay.
func (id ID) String() string {
	if id.Kind.Owned() {
		return fmt.Sprintf("%s(%d/%d)", id.Kind, id.Customer, id.Row)
	}
	return fmt.Sprintf("%s(%d)", id.Kind, id.Row)
}

// Node is anything that has an ID.
type Node interface {
	ID() ID
}

// Owned is the key of a row that belongs to a customer, for embedding.
type Owned struct {
	CustomerRow int64 `db:"customer_id"`
	Row         int64 `db:"id"`
}

// CustomerID is the ID of the customer that the row belongs to.
func (o Owned) CustomerID() ID { return CustomerID(o.CustomerRow) }

// Ref is the ID of another row of the same customer; zero where row is nil.
func (o Owned) Ref(kind Kind, row *int64) ID {
	if row == nil {
		return ID{}
	}
	return OwnedID(kind, o.CustomerRow, *row)
}

// SharedRef is the ID of a row that belongs to no customer; zero where row is nil.
func SharedRef(kind Kind, row *int64) ID {
	if row == nil {
		return ID{}
	}
	return SharedID(kind, *row)
}
