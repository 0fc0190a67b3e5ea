package storage_test

import (
	"context"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/storage"
)

func term(field string, op domain.Op, value any) domain.Filter {
	return domain.Filter{Terms: []domain.Term{{Field: field, Op: op, Value: value}}}
}

// firstOf are the ids of the first rows of a list.
func firstOf[T any](list func(*storage.Store) storage.List[T]) func(*storage.Store) []domain.ID {
	return func(s *storage.Store) []domain.ID {
		page, err := list(s).Page(context.Background(), domain.PageRequest{Limit: 20})
		if err != nil {
			panic(err)
		}
		return idsOf(nodesOf(page.Items))
	}
}

// grafts are relations and references of many kinds: own orders and ones that need more than one key, filters, totals, hidden and internal
// rows, columns that are expressions, what is owned and what is shared, and rows of the same kind below each other.
func grafts() []graft {
	customers := firstOf((*storage.Store).Customers)
	orders, shipments := firstOf((*storage.Store).Orders), firstOf((*storage.Store).Shipments)
	cases, invoices, categories := firstOf((*storage.Store).Cases), firstOf((*storage.Store).Invoices), firstOf((*storage.Store).Categories)
	orderSorts := []string{"PLACED_AT", "NUMBER", "TOTAL", "UPDATED_AT"}
	open, late := term("balance", domain.OpGt, decimalFrom("0")), term("deliveredLate", domain.OpIs, true)
	return []graft{
		relation(domain.KindCustomer, (*storage.Store).OrdersOfCustomers, customers, orderSorts, late, term("status", domain.OpNeq, "PLACED")),
		relation(domain.KindCustomer, (*storage.Store).SubsidiariesOfCustomers, customers, []string{"NAME", "NUMBER"}),
		relation(domain.KindCustomer, (*storage.Store).ContactsOfCustomers, customers, nil),
		relation(domain.KindCustomer, (*storage.Store).SitesOfCustomers, customers, nil),
		relation(domain.KindCustomer, (*storage.Store).InteractionsOfCustomers, customers, nil),
		relation(domain.KindCustomer, (*storage.Store).FollowUpsOfCustomers, customers, nil),
		relation(domain.KindCustomer, (*storage.Store).CasesOfCustomers, customers, []string{"OPENED_AT", "NUMBER"}),
		relation(domain.KindCustomer, (*storage.Store).InvoicesOfCustomers, customers, []string{"DUE_ON", "BALANCE"}, open),
		relation(domain.KindCustomer, (*storage.Store).PaymentsOfCustomers, customers, nil),
		relation(domain.KindCustomer, (*storage.Store).QuotesOfCustomers, customers, nil),
		relation(domain.KindOrder, (*storage.Store).LinesOfOrders, orders, nil),
		relation(domain.KindOrder, (*storage.Store).ShipmentsOfOrders, orders, []string{"OCCURRED_AT", "NUMBER"}),
		relation(domain.KindOrder, (*storage.Store).InvoicesOfOrders, orders, nil, open),
		relation(domain.KindOrder, (*storage.Store).InteractionsOfOrders, orders, nil),
		relation(domain.KindShipment, (*storage.Store).EventsOfShipments, shipments, nil),
		relation(domain.KindShipment, (*storage.Store).PackagesOfShipments, shipments, nil),
		relation(domain.KindCase, (*storage.Store).InteractionsOfCases, cases, nil),
		relation(domain.KindInvoice, (*storage.Store).LinesOfInvoices, invoices, nil),
		relation(domain.KindInvoice, (*storage.Store).AllocationsOfInvoices, invoices, nil),
		relation(domain.KindCategory, (*storage.Store).ProductsOfCategories, categories, []string{"NAME", "SKU"}),
		relation(domain.KindCategory, (*storage.Store).ChildrenOfCategories, categories, nil),
		reference[domain.Customer, domain.User](func(c *domain.Customer) domain.ID { return domain.SharedRef(domain.KindUser, c.AccountManagerRow) }),
		reference[domain.Customer, domain.Customer](func(c *domain.Customer) domain.ID { return c.ParentID() }),
		reference[domain.Order, domain.Customer](func(o *domain.Order) domain.ID { return o.CustomerID() }),
		reference[domain.Order, domain.Site](func(o *domain.Order) domain.ID { return o.Ref(domain.KindSite, o.SiteRow) }),
		reference[domain.Order, domain.Quote](func(o *domain.Order) domain.ID { return o.Ref(domain.KindQuote, o.QuoteRow) }),
		reference[domain.OrderLine, domain.Product](func(l *domain.OrderLine) domain.ID { return domain.SharedRef(domain.KindProduct, l.ProductRow) }),
		reference[domain.OrderLine, domain.Order](func(l *domain.OrderLine) domain.ID { return l.Ref(domain.KindOrder, &l.OrderRow) }),
		reference[domain.InvoiceLine, domain.Product](func(l *domain.InvoiceLine) domain.ID { return domain.SharedRef(domain.KindProduct, l.ProductRow) }),
		reference[domain.Product, domain.Category](func(p *domain.Product) domain.ID { return domain.SharedRef(domain.KindCategory, p.CategoryRow) }),
		reference[domain.Category, domain.Category](func(c *domain.Category) domain.ID { return domain.SharedRef(domain.KindCategory, c.ParentRow) }),
		reference[domain.Shipment, domain.Carrier](func(s *domain.Shipment) domain.ID { return domain.SharedRef(domain.KindCarrier, s.CarrierRow) }),
		reference[domain.Shipment, domain.Order](func(s *domain.Shipment) domain.ID { return s.Ref(domain.KindOrder, s.OrderRow) }),
		reference[domain.Interaction, domain.Order](func(i *domain.Interaction) domain.ID { return i.Ref(domain.KindOrder, i.OrderRow) }),
		reference[domain.Interaction, domain.Contact](func(i *domain.Interaction) domain.ID { return i.Ref(domain.KindContact, i.ContactRow) }),
		reference[domain.Case, domain.Shipment](func(c *domain.Case) domain.ID { return c.Ref(domain.KindShipment, c.ShipmentRow) }),
		reference[domain.PaymentAllocation, domain.Invoice](func(a *domain.PaymentAllocation) domain.ID { return a.Ref(domain.KindInvoice, &a.InvoiceRow) }),
	}
}

func decimalFrom(text string) domain.Decimal {
	var value domain.Decimal
	err := value.Scan(text)
	if err != nil {
		panic(err)
	}
	return value
}

// roots are the ways in which a tree begins.
func roots() []func(*grower) *storage.Branch {
	orderSorts := []string{"PLACED_AT", "NUMBER", "TOTAL"}
	return []func(*grower) *storage.Branch{
		rootOfIDs(func(g *grower) []domain.ID { return drawIDs(g, domain.KindCustomer) }, domain.Customer{}),
		rootOfIDs(func(g *grower) []domain.ID {
			return append(drawFrom(g, firstOf((*storage.Store).Orders)), domain.OwnedID(domain.KindOrder, 1, 1<<40), domain.OwnedID(domain.KindOrder, 1, -1001))
		}, domain.Order{}),
		rootOfIDs(func(g *grower) []domain.ID { return drawFrom(g, firstOf((*storage.Store).Categories)) }, domain.Category{}),
		rootOfParents(domain.KindCustomer, (*storage.Store).OrdersOfCustomers, orderSorts),
		rootOfParents(domain.KindCustomer, (*storage.Store).SubsidiariesOfCustomers, nil),
		rootOfParents(domain.KindOrder, (*storage.Store).LinesOfOrders, nil),
		rootOfParents(domain.KindCategory, (*storage.Store).ProductsOfCategories, nil),
		rootOfList((*storage.Store).Orders, orderSorts, term("status", domain.OpNeq, "PLACED")),
		rootOfList((*storage.Store).Customers, []string{"NAME", "CREATED_AT"}),
		rootOfList((*storage.Store).Invoices, []string{"DUE_ON"}, term("balance", domain.OpGt, decimalFrom("0"))),
		rootOfList((*storage.Store).Shipments, nil),
		rootOfProducts,
	}
}

func drawIDs(g *grower, kind domain.Kind) []domain.ID {
	rows := rapid.SliceOfN(rapid.Int64Range(1, 62), 1, 6).Draw(g.t, "rows")
	ids := make([]domain.ID, len(rows))
	for i, row := range rows {
		ids[i] = domain.ID{Kind: kind, Customer: row, Row: row}
	}
	return ids
}

func drawFrom(g *grower, some func(*storage.Store) []domain.ID) []domain.ID {
	all := some(g.oracle)
	if len(all) == 0 {
		return nil
	}
	return rapid.SliceOfN(rapid.SampledFrom(all), 0, 5).Draw(g.t, "ids")
}

func rootOfIDs[T any](draw func(*grower) []domain.ID, _ T) func(*grower) *storage.Branch {
	return func(g *grower) *storage.Branch {
		ids := draw(g)
		got := map[domain.ID]*T{}
		g.checks = append(g.checks, func() {
			found, err := storage.ObjectsOf[T](g.oracle).ByID(context.Background(), ids)
			require.NoError(g.t, err)
			for _, id := range ids {
				require.Contains(g.t, got, id)
				require.Equal(g.t, found[id] == nil, got[id] == nil, id)
				if found[id] != nil {
					same(g, found[id], got[id])
				}
			}
		})
		shown := func() []domain.Node {
			var nodes []domain.Node
			for _, item := range got {
				if item != nil {
					nodes = append(nodes, any(item).(domain.Node))
				}
			}
			return nodes
		}
		into := func(id domain.ID, item *T) {
			require.NotContains(g.t, got, id, "delivered twice")
			got[id] = item
		}
		return storage.ObjectsOf[T](g.store).Root(ids, into, g.below(kindOf[T](), 1, shown)...)
	}
}

func rootOfParents[T any](parent domain.Kind, of func(*storage.Store) storage.Relation[T], sorts []string, filters ...domain.Filter) func(*grower) *storage.Branch {
	return func(g *grower) *storage.Branch {
		var parents []domain.ID
		switch parent {
		case domain.KindOrder:
			parents = drawFrom(g, firstOf((*storage.Store).Orders))
		case domain.KindCategory:
			parents = drawFrom(g, firstOf((*storage.Store).Categories))
		default:
			parents = drawIDs(g, parent)
		}
		once := map[domain.ID]bool{}
		var distinct []domain.ID
		for _, id := range parents {
			if !once[id] {
				once[id], distinct = true, append(distinct, id)
			}
		}
		asked := request(g, sorts, filters, someOf(g, of, distinct))
		into, shown := collect(g, of, asked, func() []domain.ID { return distinct })
		return of(g.store).Root(parents, &asked, into, g.below(kindOf[T](), 1, shown)...)
	}
}

// rootOfPage is a tree below a page of a list.
func rootOfPage[T any](
	g *grower, asked domain.PageRequest, read func(*storage.Store, domain.PageRequest) *domain.Page[T],
	root func(into func(*domain.Page[T]), children ...*storage.Branch) *storage.Branch,
) *storage.Branch {
	var got *domain.Page[T]
	g.checks = append(g.checks, func() { samePage(g, "list", read(g.oracle, asked), got) })
	shown := func() []domain.Node { return nodesOf(got.Items) }
	return root(func(page *domain.Page[T]) { got = page }, g.below(kindOf[T](), 1, shown)...)
}

func rootOfList[T any](of func(*storage.Store) storage.List[T], sorts []string, filters ...domain.Filter) func(*grower) *storage.Branch {
	return func(g *grower) *storage.Branch {
		read := func(s *storage.Store, asked domain.PageRequest) *domain.Page[T] {
			page, err := of(s).Page(context.Background(), asked)
			require.NoError(g.t, err)
			return page
		}
		asked := request(g, sorts, filters, func(asked domain.PageRequest) *domain.Page[T] { return read(g.oracle, asked) })
		return rootOfPage(g, asked, read, func(into func(*domain.Page[T]), children ...*storage.Branch) *storage.Branch {
			return of(g.store).Root(&asked, into, children...)
		})
	}
}

func rootOfProducts(g *grower) *storage.Branch {
	words := rapid.SampledFrom([]string{"", "shelving", "screwdrver", "a 10027"}).Draw(g.t, "words")
	read := func(s *storage.Store, asked domain.PageRequest) *domain.Page[domain.Product] {
		asked.Search = words
		page, err := s.Products().Page(context.Background(), asked)
		require.NoError(g.t, err)
		return page
	}
	asked := request(g, nil, nil, func(asked domain.PageRequest) *domain.Page[domain.Product] { return read(g.oracle, asked) })
	asked.Search = words
	return rootOfPage(g, asked, read, func(into func(*domain.Page[domain.Product]), children ...*storage.Branch) *storage.Branch {
		return g.store.Products().Root(&asked, into, children...)
	})
}
