package storage_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/storage"
)

// pageFields are the columns that the customer page shows.
func pageFields() map[domain.Kind][]string {
	return map[domain.Kind][]string{
		domain.KindCustomer:      {"Number", "Name", "Segment", "Status"},
		domain.KindOrder:         {"Number", "Status", "PlacedAt", "PromisedOn", "TotalAmount", "CurrencyCode"},
		domain.KindOrderLine:     {"OrderedQuantity", "Price", "CurrencyCode", "ProductRow"},
		domain.KindProduct:       {"SKU", "Name"},
		domain.KindShipment:      {"TrackingNumber", "Milestone", "EtaEarliest", "EtaLatest", "CarrierRow"},
		domain.KindCarrier:       {"Code", "Name"},
		domain.KindTrackingEvent: {"OccurredAt", "Milestone", "RawCode", "Location"},
		domain.KindInvoice:       {"Number", "DueOn", "TotalAmount", "BalanceAmount", "CurrencyCode"},
		domain.KindInteraction:   {"OccurredAt", "Channel", "Subject"},
	}
}

// customerPage reads the customer page, as a tree or relation by relation.
type customerPage struct {
	store    *storage.Store
	customer domain.ID
	rows     int
}

func (p *customerPage) requests() (orders, lines, few, invoices domain.PageRequest) {
	return domain.PageRequest{Limit: 10, NoMore: true, Total: true}, domain.PageRequest{Limit: 20, NoMore: true}, domain.PageRequest{Limit: 5, NoMore: true},
		domain.PageRequest{Limit: 10, NoMore: true, Filter: term("balance", domain.OpGt, decimalFrom("0"))}
}

func counted[T any](p *customerPage) func(domain.ID, *domain.Page[T]) {
	return func(_ domain.ID, page *domain.Page[T]) { p.rows += len(page.Items) }
}

func found[T any](p *customerPage) func(domain.ID, *T) {
	return func(domain.ID, *T) { p.rows++ }
}

func (p *customerPage) tree(t testing.TB) *storage.Branch {
	s := p.store
	orders, lines, few, invoices := p.requests()
	product := columnTo(t, s, func(l *domain.OrderLine) domain.ID { return domain.SharedRef(domain.KindProduct, l.ProductRow) })
	carrier := columnTo(t, s, func(l *domain.Shipment) domain.ID { return domain.SharedRef(domain.KindCarrier, l.CarrierRow) })
	return storage.ObjectsOf[domain.Customer](s).Root([]domain.ID{p.customer}, found[domain.Customer](p),
		s.OrdersOfCustomers().Branch(&orders, counted[domain.Order](p),
			s.LinesOfOrders().Branch(&lines, counted[domain.OrderLine](p), storage.ObjectsOf[domain.Product](s).Reference(product, found[domain.Product](p))),
			s.ShipmentsOfOrders().Branch(&few, counted[domain.Shipment](p),
				storage.ObjectsOf[domain.Carrier](s).Reference(carrier, found[domain.Carrier](p)),
				s.EventsOfShipments().Branch(&few, counted[domain.TrackingEvent](p)))),
		s.InvoicesOfCustomers().Branch(&invoices, counted[domain.Invoice](p)),
		s.InteractionsOfCustomers().Branch(&few, counted[domain.Interaction](p)))
}

// columnTo is the column that an id is made from.
func columnTo[T any](t testing.TB, s *storage.Store, ask func(*T) domain.ID) storage.Column {
	objects := storage.ObjectsOf[T](s)
	column, _, ok := s.Trace(objects.Kind(), ask(objects.Probe()))
	require.True(t, ok)
	return column
}

// below reads pages of parents, and gives the ids of their items.
func below[T any](t testing.TB, p *customerPage, relation storage.Relation[T], parents []domain.ID, request domain.PageRequest) ([]domain.ID, []*T) {
	pages, err := relation.Pages(t.Context(), parents, request)
	require.NoError(t, err)
	var items []*T
	for _, page := range pages {
		items = append(items, page.Items...)
	}
	p.rows += len(items)
	return idsOf(nodesOf(items)), items
}

func (p *customerPage) relations(t testing.TB) {
	s := p.store
	orders, lines, few, invoices := p.requests()
	customers := []domain.ID{p.customer}
	found, err := s.CustomersByID(t.Context(), customers)
	require.NoError(t, err)
	orderIDs, _ := below(t, p, s.OrdersOfCustomers(), customers, orders)
	_, lineItems := below(t, p, s.LinesOfOrders(), orderIDs, lines)
	products := map[domain.ID]bool{}
	for _, line := range lineItems {
		products[domain.SharedRef(domain.KindProduct, line.ProductRow)] = true
	}
	shipmentIDs, shipmentItems := below(t, p, s.ShipmentsOfOrders(), orderIDs, few)
	carriers := map[domain.ID]bool{}
	for _, shipment := range shipmentItems {
		carriers[domain.SharedRef(domain.KindCarrier, shipment.CarrierRow)] = true
	}
	below(t, p, s.EventsOfShipments(), shipmentIDs, few)
	below(t, p, s.InvoicesOfCustomers(), customers, invoices)
	below(t, p, s.InteractionsOfCustomers(), customers, few)
	productRows, err := s.ProductsByID(t.Context(), keys(products))
	require.NoError(t, err)
	carrierRows, err := s.CarriersByID(t.Context(), keys(carriers))
	require.NoError(t, err)
	p.rows += len(found) + len(productRows) + len(carrierRows)
}

func keys(set map[domain.ID]bool) []domain.ID {
	ids := make([]domain.ID, 0, len(set))
	for id := range set {
		ids = append(ids, id)
	}
	return ids
}

// busiest is the customer with the most orders.
func busiest(t testing.TB, pool *storage.Pool) domain.ID {
	var row int64
	err := pool.DB().QueryRowContext(t.Context(), "SELECT customer_id FROM orders GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1").Scan(&row)
	require.NoError(t, err)
	return domain.CustomerID(row)
}

// BenchmarkTree reads the customer page in one statement, and in one for each relation.
func BenchmarkTree(b *testing.B) {
	pool := newCompany(b, 300)
	customer := busiest(b, pool)
	open := func(narrow bool) *customerPage {
		page := &customerPage{store: pool.For(admin()), customer: customer}
		if narrow {
			page.store.Narrow(pageFields())
		}
		return page
	}
	for name, narrow := range map[string]bool{"whole": false, "narrow": true} {
		b.Run("relations/"+name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				page := open(narrow)
				page.relations(b)
				b.ReportMetric(float64(page.rows), "rows")
			}
		})
		b.Run("tree/"+name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				page := open(narrow)
				require.NoError(b, page.store.ReadTree(context.Background(), page.tree(b)))
				b.ReportMetric(float64(page.rows), "rows")
			}
		})
	}
}

// BenchmarkTreeStatement writes the statement of the customer page.
func BenchmarkTreeStatement(b *testing.B) {
	page := &customerPage{store: new(storage.Pool).For(admin()), customer: domain.CustomerID(1)}
	page.store.Narrow(pageFields())
	root := page.tree(b)
	b.ReportAllocs()
	for b.Loop() {
		_, _, err := storage.TreeStatement(page.store, root)
		require.NoError(b, err)
	}
}
