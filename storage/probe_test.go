package storage_test

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/storage"
)

// traced is what an id that was asked for on a probe of a kind is.
func traced(t *testing.T, s *storage.Store, kind domain.Kind, asked domain.ID) string {
	column, self, ok := s.Trace(kind, asked)
	require.False(t, self && ok)
	switch {
	case self:
		return "self"
	case ok:
		require.Equal(t, []domain.Kind{kind, asked.Kind}, []domain.Kind{column.From(), column.To()})
		return column.String()
	default:
		return ""
	}
}

func TestTrace(t *testing.T) {
	s := new(storage.Pool).For(admin())
	line := storage.ObjectsOf[domain.OrderLine](s).Probe()
	order := storage.ObjectsOf[domain.Order](s).Probe()
	customer := storage.ObjectsOf[domain.Customer](s).Probe()
	product := storage.ObjectsOf[domain.Product](s).Probe()
	audit := storage.ObjectsOf[domain.AuditEntry](s).Probe()
	for _, one := range []struct {
		kind  domain.Kind
		asked domain.ID
		want  string
	}{
		{domain.KindOrderLine, line.ID(), "self"},
		{domain.KindOrderLine, domain.SharedRef(domain.KindProduct, line.ProductRow), "OrderLine.product_id"},
		{domain.KindOrderLine, line.Ref(domain.KindOrder, &line.OrderRow), "OrderLine.order_id"},
		{domain.KindOrderLine, line.CustomerID(), "OrderLine.customer_id"},
		{domain.KindOrder, order.Ref(domain.KindQuote, order.QuoteRow), "Order.quote_id"},
		{domain.KindCustomer, customer.ID(), "self"},
		{domain.KindCustomer, customer.ParentID(), "Customer.parent_id"},
		{domain.KindCustomer, domain.SharedRef(domain.KindUser, customer.AccountManagerRow), "Customer.account_manager_id"},
		{domain.KindProduct, product.ID(), "self"},
		{domain.KindProduct, domain.SharedRef(domain.KindProduct, product.ReplacementRow), "Product.replacement_id"},
		{domain.KindAuditEntry, audit.CustomerID(), "AuditEntry.customer_id"},
		// Neither: another customer's, a mixture, nothing, one that is real, one of another kind.
		{domain.KindOrderLine, domain.OwnedID(domain.KindOrder, 1, line.OrderRow), ""},
		{domain.KindOrderLine, domain.OwnedID(domain.KindOrder, line.OrderRow, line.OrderRow), ""},
		{domain.KindOrderLine, domain.ID{Kind: domain.KindCustomer, Customer: line.Row, Row: line.CustomerRow}, ""},
		{domain.KindOrderLine, domain.ID{}, ""},
		{domain.KindOrderLine, domain.SharedID(domain.KindProduct, 7), ""},
		{domain.KindOrderLine, domain.SharedID(domain.KindProduct, -5000), ""},
		{domain.KindProduct, domain.OwnedID(domain.KindOrder, product.Row, product.Row), ""},
		{domain.KindUnknown, line.ID(), ""},
		{domain.Kind(250), line.ID(), ""},
	} {
		require.Equal(t, one.want, traced(t, s, one.kind, one.asked), "%s on %s", one.asked, one.kind)
	}
}

// TestProbeOfEveryKind holds that a probe of each kind is told from all others, and never looked for.
func TestProbeOfEveryKind(t *testing.T) {
	var recorder recorder
	recording := recorder.store(t)
	for _, kind := range domain.Kinds() {
		item := byID(t, recording, kind, nil).Type().Elem().Elem()
		probe := probeOf(recording, item)
		require.Equal(t, "self", traced(t, recording, kind, probe.ID()))
		recorder.take()
		byID(t, recording, kind, []domain.ID{probe.ID()})
		for _, asked := range recorder.take() {
			require.Contains(t, asked.args, any("{}"), "%s: %v", kind, asked.args)
		}
	}
	_, err := recording.OrdersOfCustomers().Pages(t.Context(), []domain.ID{domain.CustomerID(-1000)}, domain.PageRequest{Limit: 1})
	require.NoError(t, err)
	require.Contains(t, recorder.take()[0].args, any("{}"))
}

// probeOf is the probe of a type, whatever it is.
func probeOf(s *storage.Store, item reflect.Type) domain.Node {
	for _, probe := range []domain.Node{
		storage.ObjectsOf[domain.Organisation](s).Probe(), storage.ObjectsOf[domain.User](s).Probe(), storage.ObjectsOf[domain.ServiceLevel](s).Probe(),
		storage.ObjectsOf[domain.Customer](s).Probe(), storage.ObjectsOf[domain.Contact](s).Probe(), storage.ObjectsOf[domain.Site](s).Probe(),
		storage.ObjectsOf[domain.Interaction](s).Probe(), storage.ObjectsOf[domain.Case](s).Probe(), storage.ObjectsOf[domain.FollowUp](s).Probe(),
		storage.ObjectsOf[domain.Invoice](s).Probe(), storage.ObjectsOf[domain.InvoiceLine](s).Probe(), storage.ObjectsOf[domain.Payment](s).Probe(),
		storage.ObjectsOf[domain.PaymentAllocation](s).Probe(), storage.ObjectsOf[domain.CreditNote](s).Probe(), storage.ObjectsOf[domain.Dispute](s).Probe(),
		storage.ObjectsOf[domain.Quote](s).Probe(), storage.ObjectsOf[domain.QuoteLine](s).Probe(), storage.ObjectsOf[domain.Order](s).Probe(),
		storage.ObjectsOf[domain.OrderLine](s).Probe(), storage.ObjectsOf[domain.Return](s).Probe(), storage.ObjectsOf[domain.ReturnLine](s).Probe(),
		storage.ObjectsOf[domain.Category](s).Probe(), storage.ObjectsOf[domain.Product](s).Probe(), storage.ObjectsOf[domain.Warehouse](s).Probe(),
		storage.ObjectsOf[domain.Carrier](s).Probe(), storage.ObjectsOf[domain.Shipment](s).Probe(), storage.ObjectsOf[domain.Package](s).Probe(),
		storage.ObjectsOf[domain.TrackingEvent](s).Probe(), storage.ObjectsOf[domain.AuditEntry](s).Probe(),
	} {
		if reflect.TypeOf(probe).Elem() == item {
			return probe
		}
	}
	return nil
}
