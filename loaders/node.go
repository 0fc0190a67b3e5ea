package loaders

import (
	"context"

	"github.com/vigie-dev/vigie/domain"
)

// Node asks for the object with an id at once and waits for it only when the returned function is called. The object is nil where there is none.
func (s *Set) Node(ctx context.Context, id domain.ID) func() (domain.Node, error) {
	switch id.Kind {
	case domain.KindOrganisation:
		return node(ctx, &s.Organisations, id)
	case domain.KindUser:
		return node(ctx, &s.Users, id)
	case domain.KindServiceLevel:
		return node(ctx, &s.ServiceLevels, id)
	case domain.KindCustomer:
		return node(ctx, &s.Customers, id)
	case domain.KindContact:
		return node(ctx, &s.Contacts, id)
	case domain.KindSite:
		return node(ctx, &s.Sites, id)
	case domain.KindInteraction:
		return node(ctx, &s.Interactions, id)
	case domain.KindCase:
		return node(ctx, &s.Cases, id)
	case domain.KindFollowUp:
		return node(ctx, &s.FollowUps, id)
	case domain.KindInvoice:
		return node(ctx, &s.Invoices, id)
	case domain.KindInvoiceLine:
		return node(ctx, &s.InvoiceLines, id)
	case domain.KindPayment:
		return node(ctx, &s.Payments, id)
	case domain.KindPaymentAllocation:
		return node(ctx, &s.PaymentAllocations, id)
	case domain.KindCreditNote:
		return node(ctx, &s.CreditNotes, id)
	case domain.KindDispute:
		return node(ctx, &s.Disputes, id)
	case domain.KindQuote:
		return node(ctx, &s.Quotes, id)
	case domain.KindQuoteLine:
		return node(ctx, &s.QuoteLines, id)
	case domain.KindOrder:
		return node(ctx, &s.Orders, id)
	case domain.KindOrderLine:
		return node(ctx, &s.OrderLines, id)
	case domain.KindReturn:
		return node(ctx, &s.Returns, id)
	case domain.KindReturnLine:
		return node(ctx, &s.ReturnLines, id)
	case domain.KindCategory:
		return node(ctx, &s.Categories, id)
	case domain.KindProduct:
		return node(ctx, &s.Products, id)
	case domain.KindWarehouse:
		return node(ctx, &s.Warehouses, id)
	case domain.KindCarrier:
		return node(ctx, &s.Carriers, id)
	case domain.KindShipment:
		return node(ctx, &s.Shipments, id)
	case domain.KindPackage:
		return node(ctx, &s.Packages, id)
	case domain.KindTrackingEvent:
		return node(ctx, &s.TrackingEvents, id)
	case domain.KindAuditEntry:
		return node(ctx, &s.AuditEntries, id)
	default:
		return func() (domain.Node, error) { return nil, nil }
	}
}

// node is an object as a Node; no object is a nil Node and not a Node that holds nil.
func node[T any, P interface {
	*T
	domain.Node
}](ctx context.Context, loader *ByID[T], id domain.ID) func() (domain.Node, error) {
	thunk := loader.Thunk(ctx, id)
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
