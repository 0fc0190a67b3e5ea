package loaders

import (
	"context"

	"github.com/vigie-dev/vigie/domain"
)

// Node asks for the object with an id at once and waits for it only when the returned function is called. The object is nil where there is none.
func (s *Set) Node(ctx context.Context, id domain.ID) func() (domain.Node, error) {
	switch id.Kind {
	case domain.KindOrganisation:
		return node(ctx, s, s.Organisations, id)
	case domain.KindUser:
		return node(ctx, s, s.Users, id)
	case domain.KindServiceLevel:
		return node(ctx, s, s.ServiceLevels, id)
	case domain.KindCustomer:
		return node(ctx, s, s.Customers, id)
	case domain.KindContact:
		return node(ctx, s, s.Contacts, id)
	case domain.KindSite:
		return node(ctx, s, s.Sites, id)
	case domain.KindInteraction:
		return node(ctx, s, s.Interactions, id)
	case domain.KindCase:
		return node(ctx, s, s.Cases, id)
	case domain.KindFollowUp:
		return node(ctx, s, s.FollowUps, id)
	case domain.KindInvoice:
		return node(ctx, s, s.Invoices, id)
	case domain.KindInvoiceLine:
		return node(ctx, s, s.InvoiceLines, id)
	case domain.KindPayment:
		return node(ctx, s, s.Payments, id)
	case domain.KindPaymentAllocation:
		return node(ctx, s, s.PaymentAllocations, id)
	case domain.KindCreditNote:
		return node(ctx, s, s.CreditNotes, id)
	case domain.KindDispute:
		return node(ctx, s, s.Disputes, id)
	case domain.KindQuote:
		return node(ctx, s, s.Quotes, id)
	case domain.KindQuoteLine:
		return node(ctx, s, s.QuoteLines, id)
	case domain.KindOrder:
		return node(ctx, s, s.Orders, id)
	case domain.KindOrderLine:
		return node(ctx, s, s.OrderLines, id)
	case domain.KindReturn:
		return node(ctx, s, s.Returns, id)
	case domain.KindReturnLine:
		return node(ctx, s, s.ReturnLines, id)
	case domain.KindCategory:
		return node(ctx, s, s.Categories, id)
	case domain.KindProduct:
		return node(ctx, s, s.Products, id)
	case domain.KindWarehouse:
		return node(ctx, s, s.Warehouses, id)
	case domain.KindCarrier:
		return node(ctx, s, s.Carriers, id)
	case domain.KindShipment:
		return node(ctx, s, s.Shipments, id)
	case domain.KindPackage:
		return node(ctx, s, s.Packages, id)
	case domain.KindTrackingEvent:
		return node(ctx, s, s.TrackingEvents, id)
	case domain.KindAuditEntry:
		return node(ctx, s, s.AuditEntries, id)
	default:
		return func() (domain.Node, error) { return nil, nil }
	}
}

// node is an object as a Node; no object is a nil Node and not a Node that holds nil.
func node[T any, P interface {
	*T
	domain.Node
}](ctx context.Context, s *Set, of *ByID[T], id domain.ID) func() (domain.Node, error) {
	l := loaderOf(s, of)
	thunk := l.thunk(ctx, id, l)
	return func() (domain.Node, error) {
		object, err := thunk()
		switch {
		case domain.ErrorCode(err) == domain.CodeNotFound:
			return nil, nil
		case err != nil:
			return nil, err
		default:
			return P(object), nil
		}
	}
}
